import { byBytes } from "../../lib/by-bytes.ts";

/** The entries of a table in the order in which gc visits them: by name. */
export function sortedEntries<Value>(table: Readonly<Record<string, Value>>): readonly [string, Value][] {
  return Object.entries(table).sort(([a], [b]) => byBytes(a, b));
}
