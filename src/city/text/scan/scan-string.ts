import type { ScannedValue } from "./scanned-toml.ts";
import type { TextCursor } from "./text-cursor.ts";

const escapes: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r" };

/** The text that the inside of a basic string means. Wrong escapes stay as they are. */
export function unescapeString(inner: string): string {
  if (!inner.includes("\\")) return inner;
  return inner.replaceAll(
    /\\(?:\s*\n\s*|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(["\\btnfr]))/gu,
    (whole, short?: string, long?: string, letter?: string) => {
      const code = Number.parseInt(short ?? long ?? "", 16);
      if (!Number.isNaN(code)) return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
      return letter === undefined ? "" : (escapes[letter] ?? letter);
    },
  );
}

/** The four kinds of strings: what opens them, and what they hold up to where they end or the line, or text, does. */
const kinds = [
  { quote: '"""', inner: /(?:[^"\\]+|\\[^]|"(?!""))*/y, close: /"{3,5}/y },
  { quote: "'''", inner: /(?:[^']+|'(?!''))*/y, close: /'{3,5}/y },
  { quote: '"', inner: /(?:[^"\\\r\n]+|\\[^\r\n])*/y, close: /"/y },
  { quote: "'", inner: /[^'\r\n]*/y, close: /'/y },
] as const;

/** Reads a string; undefined when none starts here. */
export function scanString(cursor: TextCursor): ScannedValue | undefined {
  const kind = kinds.find(({ quote }) => cursor.startsWith(quote));
  if (!kind) return undefined;
  const start = cursor.at;
  cursor.at += kind.quote.length;
  const innerStart = cursor.at;
  cursor.take(kind.inner);
  // A multi-line string may end in quotes of its own, of which the last three close it.
  const closing = cursor.take(kind.close);
  const inner = { start: innerStart, end: cursor.at - Math.min(closing.length, kind.quote.length) };
  const written = cursor.text.slice(inner.start, inner.end);
  const body = kind.quote.length === 3 ? written.replace(/^\r?\n/u, "") : written;
  const text = kind.quote.startsWith('"') ? unescapeString(body) : body;
  return { kind: "string", start, end: cursor.at, text, inner, closed: closing !== "" };
}
