import type { AST } from "toml-eslint-parser";
import { indentBefore } from "./lines.ts";
import { type TomlInput, valueText } from "./toml-text.ts";

/** How the lines `key = value` of a section look. */
export interface KeyStyle {
  readonly indent: string;
  /** Between key and `=`; the key is filled up to `width` first. */
  readonly before: string;
  /** Between `=` and value. */
  readonly after: string;
  readonly width: number;
}

const plain: KeyStyle = { indent: "", before: " ", after: " ", width: 0 };

/** The style of these lines: that of the last, with the `=` in one column if they have it so. */
export function keyStyle(text: string, entries: readonly AST.TOMLKeyValue[]): KeyStyle {
  const last = entries.at(-1);
  if (!last) return plain;
  const indent = indentBefore(text, last.range[0]) ?? "";
  const [before = " ", after = " "] = text.slice(last.key.range[1], last.value.range[0]).split("=");
  const lengths = entries.map(({ key }) => key.range[1] - key.range[0]);
  const columns = entries.map(({ key }) => text.indexOf("=", key.range[1]) - key.range[0]);
  const aligned = new Set(lengths).size > 1 && new Set(columns).size === 1;
  return aligned ? { indent, before: " ", after, width: (columns[0] ?? 1) - 1 } : { indent, before, after, width: 0 };
}

/** A line `key = value`, without its line break; `key` as it is written. */
export function keyLine(style: KeyStyle, key: string, value: TomlInput): string {
  return style.indent + key.padEnd(style.width) + style.before + "=" + style.after + valueText(value);
}
