import { nearestName } from "../../nearest-name.ts";

/** Up to three known names that look like `name`, the closest first. */
export function nearestNames(name: string, known: readonly string[]): readonly string[] {
  const found: string[] = [];
  let rest = known.filter((other) => other !== name);
  while (found.length < 3) {
    const near = nearestName(name, rest);
    if (near === undefined) break;
    found.push(near);
    rest = rest.filter((other) => other !== near);
  }
  return found;
}
