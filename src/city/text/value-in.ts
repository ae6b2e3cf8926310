import type { TomlPath } from "./toml-path.ts";

/** What stands at a path in a table; undefined when nothing does. */
export function valueIn(table: object, path: TomlPath): unknown {
  let value: unknown = table;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
