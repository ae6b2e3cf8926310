import { ProblemError } from "../lib/problem.ts";

/** A relative place in normal form, `""` for the root. Fails with `unsupported` for one that leads outside. */
export function placeInside(source: string, place: string): string {
  const parts = place.split("/").filter((part) => part !== "" && part !== ".");
  if (!parts.includes("..")) return parts.join("/");
  throw new ProblemError({
    code: "unsupported",
    reason: `${source} would be copied to ${JSON.stringify(place)}, which is outside the workspace`,
    action: "Give a destination without ..",
  });
}
