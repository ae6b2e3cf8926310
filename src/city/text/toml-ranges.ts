import type { Position, Range } from "../diagnostic.ts";
import { scanToml } from "./scan/scan-toml.ts";
import type { ScannedEntry, ScannedSection, ScannedValue, Span } from "./scan/scanned-toml.ts";
import type { TomlPath } from "./toml-path.ts";

/** Where keys and values stand in a TOML text. */
export interface TomlRanges {
  /** The place of the value at `path`, or of its nearest ancestor that is written in the text. */
  valueAt(path: TomlPath): Range;
  /** The place of the key at `path`, or of the nearest ancestor's. */
  keyAt(path: TomlPath): Range;
}

/** The place of everything that has none of its own: the first character, if the first line has one. */
export function startOfText(text: string): Range {
  return { start: { line: 0, character: 0 }, end: { line: 0, character: /^[^\r\n]/u.test(text) ? 1 : 0 } };
}

/** Something written in the text, and what it holds. */
interface Node {
  key: Span;
  value: Span;
  children?: Map<string | number, Node>;
}

/** Finds the ranges in `text`, TOML or not. */
export function tomlRanges(text: string): TomlRanges {
  const root: Node = { key: { start: 0, end: 0 }, value: { start: 0, end: 0 } };
  for (const section of scanToml(text).sections) addSection(section, root);
  const lineStarts = startsOfLines(text);
  const nearest = (path: TomlPath, what: "key" | "value"): Range => {
    let node = root;
    for (const part of path) {
      const child = node.children?.get(part) ?? inAnotherCase(part, node);
      if (!child) break;
      node = child;
    }
    if (node === root) return startOfText(text);
    return { start: positionAt(node[what].start, lineStarts), end: positionAt(node[what].end, lineStarts) };
  };
  return { valueAt: (path) => nearest(path, "value"), keyAt: (path) => nearest(path, "key") };
}

function addSection({ path, header, entries }: ScannedSection, root: Node): void {
  let table = root;
  const [first] = header?.keys ?? [];
  if (header && first) {
    const span = { start: first.start, end: header.keys.at(-1)?.end ?? first.end };
    table = nodeAt(root, path, span);
    table.key = span;
    table.value = span;
  }
  for (const entry of entries) addEntry(entry, path.length, table);
}

/** `table` is at the first `depth` keys of the entry's path. */
function addEntry({ keys, path, value, start, end }: ScannedEntry, depth: number, table: Node): void {
  const key = { start, end: keys.at(-1)?.end ?? end };
  const node = nodeAt(table, path.slice(depth), key);
  node.key = key;
  node.value = value ?? key;
  if (value) addContent(value, path.length, node);
}

function addContent(value: ScannedValue, depth: number, node: Node): void {
  if (value.kind === "table") for (const entry of value.entries) addEntry(entry, depth, node);
  if (value.kind !== "array") return;
  node.children ??= new Map();
  for (const [index, item] of value.items.entries()) {
    const element: Node = { key: item, value: item };
    node.children.set(index, element);
    addContent(item, depth + 1, element);
  }
}

/** `[a.b]` and `a.b = 1` also write `a`, if nothing did before. */
function nodeAt(from: Node, path: TomlPath, span: Span): Node {
  let node = from;
  for (const part of path) {
    node.children ??= new Map();
    const child: Node = node.children.get(part) ?? { key: span, value: span };
    node.children.set(part, child);
    node = child;
  }
  return node;
}

/** gc knows the keys of its tables in any case. */
function inAnotherCase(part: string | number, { children }: Node): Node | undefined {
  if (typeof part !== "string" || !children) return undefined;
  const folded = part.toLowerCase();
  for (const [key, child] of children) if (typeof key === "string" && key.toLowerCase() === folded) return child;
  return undefined;
}

function startsOfLines(text: string): readonly number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}

function positionAt(offset: number, lineStarts: readonly number[]): Position {
  let low = 0;
  let high = lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low, character: offset - (lineStarts[low] ?? 0) };
}
