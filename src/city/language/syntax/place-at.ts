import type { TomlPath } from "../../text/toml-path.ts";
import type { ScannedEntry, ScannedSection, ScannedToml, ScannedValue, Span } from "../../text/scan/scanned-toml.ts";

/** What stands, or could be written, at one place of a text. `span` is what is written of it so far. */
export type Place =
  /** A table's name in a header. `path` is that of the table up to the part of the key at the place. */
  | { readonly kind: "header"; readonly section: ScannedSection; readonly path: TomlPath; readonly span: Span }
  /** A key of the table at `table`. `isAssigned` tells whether an equals sign follows. */
  | {
      readonly kind: "key";
      readonly table: TomlPath;
      readonly name: string;
      readonly span: Span;
      readonly isAssigned: boolean;
      readonly isInline: boolean;
    }
  /** A value, or an item of an array. `span` is the inside of a string; `value` is undefined where none is yet. */
  | {
      readonly kind: "value";
      readonly path: TomlPath;
      readonly span: Span;
      readonly value: ScannedValue | undefined;
    };

/** What stands at an offset; undefined in comments, in texts of several lines, and where nothing can follow. */
export function placeAt(toml: ScannedToml, offset: number): Place | undefined {
  if (toml.comments.some(({ start, end }) => start < offset && offset <= end)) return undefined;
  const section = toml.sections.findLast(({ start }) => start <= offset) ?? toml.sections[0];
  if (!section) return undefined;
  const entry = section.entries.findLast(({ start }) => start <= offset);
  if (entry && offset <= entry.end) return placeInEntry(entry, offset);
  const { header } = section;
  if (!entry && header && offset <= header.end) return placeInHeader(section, offset, toml.text);

  const before = toml.text.slice(entry?.end ?? header?.end ?? section.start, offset);
  if (entry?.equals !== undefined && !entry.value && !before.includes("\n")) return emptyValue(entry.path, offset);
  if (entry?.value && goesOn(entry.value, before)) return placeInValue(entry.value, entry.path, offset);
  const isFirstOnLine = toml.text.slice(toml.text.lastIndexOf("\n", offset - 1) + 1, offset).trim() === "";
  return isFirstOnLine ? newKey(section.path, offset, false) : undefined;
}

/** Whether what stands before a place, `between` the value and it, can belong to a value without an end. */
function goesOn(value: ScannedValue, between: string): boolean {
  if (value.kind === "array") return !value.closed;
  return value.kind === "table" && !value.closed && !between.includes("\n");
}

function placeInHeader(section: ScannedSection, offset: number, text: string): Place | undefined {
  const { header } = section;
  if (!header || offset <= header.start) return undefined;
  const isClosed = text.charAt(header.end - 1) === "]";
  if (isClosed && offset === header.end) return undefined;
  const found = header.keys.findIndex(({ start, end }) => start <= offset && offset <= end);
  const span = header.keys[found] ?? { start: offset, end: offset };
  return { kind: "header", section, path: pathUpTo(section.path, found), span };
}

/** The part of a table's path that the first `part + 1` keys of its header lead to. */
function pathUpTo(path: TomlPath, part: number): TomlPath {
  let keys = -1;
  const end = path.findIndex((key) => typeof key === "string" && ++keys > part);
  return end < 0 ? path : path.slice(0, end);
}

function placeInEntry(entry: ScannedEntry, offset: number, isInline = false): Place | undefined {
  const { keys, path, equals, value } = entry;
  const part = keys.findIndex(({ start, end }) => start <= offset && offset <= end);
  const key = keys[part];
  if (key) {
    const table = path.slice(0, path.length - keys.length + part);
    const isAssigned = equals !== undefined || part < keys.length - 1;
    const span = { start: key.start, end: key.end };
    return { kind: "key", table, name: key.name, span, isAssigned, isInline };
  }
  if (equals === undefined || offset <= equals) return undefined;
  return value && offset >= value.start ? placeInValue(value, path, offset) : emptyValue(path, offset);
}

function placeInValue(value: ScannedValue, path: TomlPath, offset: number): Place | undefined {
  switch (value.kind) {
    case "string": {
      const { inner } = value;
      const isOneLine = inner.start === value.start + 1;
      if (!isOneLine || offset < inner.start || offset > inner.end) return undefined;
      return { kind: "value", path, span: inner, value };
    }
    case "plain":
      return { kind: "value", path, span: { start: value.start, end: value.end }, value };
    case "array": {
      if (offset <= value.start || (value.closed && offset >= value.end)) return undefined;
      const index = value.items.findIndex(({ end }) => offset <= end);
      const item = value.items[index];
      if (item && item.start <= offset) return placeInValue(item, [...path, index], offset);
      return emptyValue([...path, index < 0 ? value.items.length : index], offset);
    }
    case "table": {
      if (offset <= value.start || (value.closed && offset >= value.end)) return undefined;
      const entry = value.entries.find(({ start, end }) => start <= offset && offset <= end);
      return entry ? placeInEntry(entry, offset, true) : newKey(path, offset, true);
    }
  }
}

function emptyValue(path: TomlPath, offset: number): Place {
  return { kind: "value", path, span: { start: offset, end: offset }, value: undefined };
}

function newKey(table: TomlPath, offset: number, isInline: boolean): Place {
  return { kind: "key", table, name: "", span: { start: offset, end: offset }, isAssigned: false, isInline };
}
