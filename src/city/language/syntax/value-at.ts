import type { TomlPath } from "../../text/toml-path.ts";
import { isPrefix } from "./keys-in.ts";
import type { ScannedEntry, ScannedToml, ScannedValue } from "../../text/scan/scanned-toml.ts";

/** The value that a text gives at `path`; undefined for a table that is written in several lines, and for none. */
export function valueAt({ sections }: ScannedToml, path: TomlPath): ScannedValue | undefined {
  for (const { path: table, entries } of sections) {
    if (table.length > path.length || !isPrefix(table, path)) continue;
    const value = valueIn(entries, path);
    if (value) return value;
  }
  return undefined;
}

/** The string at `path`; undefined when something else or nothing is there. */
export function stringAt(toml: ScannedToml, path: TomlPath): string | undefined {
  const value = valueAt(toml, path);
  return value?.kind === "string" ? value.text : undefined;
}

function valueIn(entries: readonly ScannedEntry[], path: TomlPath): ScannedValue | undefined {
  for (const entry of entries) {
    if (!entry.value || entry.path.length > path.length || !isPrefix(entry.path, path)) continue;
    const value = inside(entry.value, path, entry.path.length);
    if (value) return value;
  }
  return undefined;
}

/** `value` is at the first `depth` keys of `path`. */
function inside(value: ScannedValue, path: TomlPath, depth: number): ScannedValue | undefined {
  if (depth === path.length) return value;
  if (value.kind === "table") return valueIn(value.entries, path);
  const index = path[depth];
  const item = value.kind === "array" && typeof index === "number" ? value.items[index] : undefined;
  return item && inside(item, path, depth + 1);
}
