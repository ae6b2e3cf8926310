import type { KeyPart } from "./scanned-toml.ts";
import { unescapeString } from "./scan-string.ts";
import type { TextCursor } from "./text-cursor.ts";

/** Reads a dotted key as far as it goes; no part where none is. After a dot there is a part, if an empty one. */
export function scanKeys(cursor: TextCursor): readonly KeyPart[] {
  const keys: KeyPart[] = [];
  for (;;) {
    const start = cursor.at;
    const name = unquoted(cursor.take(/[\w-]+|"(?:[^"\\\r\n]|\\[^\r\n])*"?|'[^'\r\n]*'?/y));
    if (cursor.at === start && keys.length === 0) return keys;
    keys.push({ name, start, end: cursor.at });
    if (cursor.take(/[ \t]*\.[ \t]*/y) === "") return keys;
  }
}

function unquoted(written: string): string {
  const quote = written.charAt(0);
  if (quote !== '"' && quote !== "'") return written;
  const inner = written.slice(1, written.length > 1 && written.endsWith(quote) ? -1 : undefined);
  return quote === '"' ? unescapeString(inner) : inner;
}
