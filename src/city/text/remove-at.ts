import type { TomlPath } from "./toml-path.ts";

/** Takes out the value that a path leads to; an element of an array leaves with the whole array. */
export function removeAt(table: Record<string, unknown>, path: TomlPath): void {
  let holder: unknown = table;
  let place: { readonly table: Record<string, unknown>; readonly key: string } | undefined;
  for (const key of path) {
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, key)) return;
    if (typeof key === "string") place = { table: holder as Record<string, unknown>, key };
    holder = (holder as Record<string | number, unknown>)[key];
  }
  if (place) delete place.table[place.key];
}
