import type { TomlPath } from "../toml-path.ts";
import { scanKeys } from "./scan-keys.ts";
import { scanString } from "./scan-string.ts";
import type { ScannedEntry, ScannedValue } from "./scanned-toml.ts";
import type { TextCursor } from "./text-cursor.ts";

/** Values nested deeper than this are read as one word: nobody writes them, and the stack has an end. */
const deepest = 64;

/** Reads a `key = value` of the table at `table`, as much of it as is there. May read nothing at all. */
export function scanEntry(cursor: TextCursor, table: TomlPath, depth = 0): ScannedEntry {
  const start = cursor.at;
  const keys = scanKeys(cursor);
  const path = [...table, ...keys.map(({ name }) => name)];
  const end = cursor.at;
  cursor.skipBlanks();
  if (cursor.char !== "=") return { start, end, path, keys, equals: undefined, value: undefined };
  const equals = cursor.at;
  cursor.at += 1;
  cursor.skipBlanks();
  const value = scanValue(cursor, path, depth);
  return { start, end: value?.end ?? equals + 1, path, keys, equals, value };
}

function scanValue(cursor: TextCursor, path: TomlPath, depth: number): ScannedValue | undefined {
  if (depth < deepest) {
    if (cursor.char === "[") return scanArray(cursor, path, depth + 1);
    if (cursor.char === "{") return scanInlineTable(cursor, path, depth + 1);
  }
  return scanString(cursor) ?? scanPlain(cursor, depth);
}

function scanPlain(cursor: TextCursor, depth: number): ScannedValue | undefined {
  const start = cursor.at;
  const text = cursor.take(depth > 0 ? /[^,\]}#\r\n]+/y : /[^#\r\n]+/y).trimEnd();
  return text === "" ? undefined : { kind: "plain", start, end: start + text.length, text };
}

function scanArray(cursor: TextCursor, path: TomlPath, depth: number): ScannedValue {
  const start = cursor.at;
  const items: ScannedValue[] = [];
  cursor.at += 1;
  let end = cursor.at;
  while (cursor.skipBlankLines()) {
    if (cursor.isFirstOnLine && cursor.startsStatement) break;
    if (cursor.char === "]") {
      cursor.at += 1;
      return { kind: "array", start, end: cursor.at, items, closed: true };
    }
    const item = scanValue(cursor, [...path, items.length], depth);
    if (item) items.push(item);
    // Past the comma, or past what is no value.
    else cursor.at += 1;
    end = item?.end ?? cursor.at;
  }
  return { kind: "array", start, end, items, closed: false };
}

function scanInlineTable(cursor: TextCursor, path: TomlPath, depth: number): ScannedValue {
  const start = cursor.at;
  const entries: ScannedEntry[] = [];
  cursor.at += 1;
  let end = cursor.at;
  let isEntryDue = true;
  for (;;) {
    cursor.skipBlanks();
    // Since TOML 1.1 it may go on below: between its entries, and before its end.
    if (/[\r\n#]/u.test(cursor.char) && cursor.isClosedBelow) {
      cursor.skipBlankLines();
      if (!isEntryDue && !/[,}]/u.test(cursor.char)) break;
    }
    if (cursor.char === "}") {
      cursor.at += 1;
      return { kind: "table", start, end: cursor.at, entries, closed: true };
    }
    if (cursor.at >= cursor.text.length || /[\r\n#]/u.test(cursor.char)) break;
    const entry = scanEntry(cursor, path, depth);
    isEntryDue = entry.end === entry.start;
    // Past the comma, or past what is no entry.
    if (isEntryDue) cursor.at += 1;
    else entries.push(entry);
    end = Math.max(entry.end, cursor.at);
  }
  return { kind: "table", start, end, entries, closed: false };
}
