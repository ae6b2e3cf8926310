import type { TomlPath } from "../../text/toml-path.ts";
import { isPrefix } from "./keys-in.ts";
import type { ScannedEntry, ScannedToml, ScannedValue, Span } from "../../text/scan/scanned-toml.ts";

/**
 * Where the value at `path` is written: the value itself, the header of a table, or the key of one without. Without
 * any of them, that of the nearest table around it; undefined when none is written.
 */
export function spanAt({ sections }: ScannedToml, path: TomlPath): Span | undefined {
  let best: Span | undefined;
  let depth = 0;
  const offer = (written: TomlPath, span: Span): void => {
    if (written.length <= depth || written.length > path.length || !isPrefix(written, path)) return;
    best = span;
    depth = written.length;
  };
  const lookIn = (value: ScannedValue, written: TomlPath): void => {
    offer(written, value);
    if (value.kind === "table") value.entries.forEach(lookAt);
    if (value.kind === "array") for (const [index, item] of value.items.entries()) lookIn(item, [...written, index]);
  };
  const lookAt = ({ path: written, keys, value }: ScannedEntry): void => {
    const table = written.length - keys.length;
    if (!isPrefix(written.slice(0, table), path)) return;
    for (const [index, key] of keys.entries()) offer(written.slice(0, table + index + 1), key);
    if (value && isPrefix(written, path)) {
      // The value says more than its key.
      if (depth === written.length) depth -= 1;
      lookIn(value, written);
    }
  };
  for (const { path: table, header, entries } of sections) {
    if (header) offer(table, header);
    if (isPrefix(table, path)) entries.forEach(lookAt);
  }
  return best;
}
