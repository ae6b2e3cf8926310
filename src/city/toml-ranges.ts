import { type AST, parseTOML } from "toml-eslint-parser";
import type { Range } from "./diagnostic.ts";

/** Where in a value the finger points: keys and array indices from the root, as zod reports them. */
export type TomlPath = readonly PropertyKey[];

/** Where keys and values stand in a TOML text. */
export interface TomlRanges {
  /** The place of the value at `path`, or of its nearest ancestor that is written in the text. */
  valueAt(path: TomlPath): Range;
  /** The place of the key at `path`, or of the nearest ancestor's. */
  keyAt(path: TomlPath): Range;
}

/** The place of everything that has none of its own: the first character. */
export const startOfText: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

interface Place {
  readonly key: Range;
  readonly value: Range;
}

/** Finds the ranges in `text`. A text that does not parse has only its start. */
export function tomlRanges(text: string): TomlRanges {
  const places = new Map<string, Place>();
  try {
    collectTable(parseTOML(text).body[0], places);
  } catch {
    // The parser that reads the values has already said what is wrong and where.
  }
  const nearest = (path: TomlPath): Place => {
    for (let length = path.length; length > 0; length--) {
      const place = places.get(pathKey(path.slice(0, length)));
      if (place) return place;
    }
    return { key: startOfText, value: startOfText };
  };
  return { valueAt: (path) => nearest(path).value, keyAt: (path) => nearest(path).key };
}

function collectTable(root: AST.TOMLTopLevelTable, places: Map<string, Place>): void {
  for (const node of root.body) {
    if (node.type === "TOMLKeyValue") {
      collectKeyValue(node, [], places);
      continue;
    }
    const header = rangeOf(node.key.loc);
    addAncestors(node.resolvedKey, header, places);
    places.set(pathKey(node.resolvedKey), { key: header, value: header });
    for (const entry of node.body) collectKeyValue(entry, node.resolvedKey, places);
  }
}

function collectKeyValue(node: AST.TOMLKeyValue, table: TomlPath, places: Map<string, Place>): void {
  const path = [...table, ...node.key.keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value))];
  const place = { key: rangeOf(node.key.loc), value: rangeOf(node.value.loc) };
  addAncestors(path, place.key, places);
  places.set(pathKey(path), place);
  collectContent(node.value, path, places);
}

function collectContent(node: AST.TOMLContentNode, path: TomlPath, places: Map<string, Place>): void {
  if (node.type === "TOMLInlineTable") {
    for (const entry of node.body) collectKeyValue(entry, path, places);
  } else if (node.type === "TOMLArray") {
    for (const [index, element] of node.elements.entries()) {
      const range = rangeOf(element.loc);
      places.set(pathKey([...path, index]), { key: range, value: range });
      collectContent(element, [...path, index], places);
    }
  }
}

/** `[a.b]` and `a.b = 1` also write `a`, if nothing did before. */
function addAncestors(path: TomlPath, range: Range, places: Map<string, Place>): void {
  for (let length = 1; length < path.length; length++) {
    const key = pathKey(path.slice(0, length));
    if (!places.has(key)) places.set(key, { key: range, value: range });
  }
}

function pathKey(path: TomlPath): string {
  return JSON.stringify(path.map((part) => (typeof part === "symbol" ? part.toString() : part)));
}

function rangeOf(location: AST.SourceLocation): Range {
  // The parser counts lines from 1.
  return {
    start: { line: location.start.line - 1, character: location.start.column },
    end: { line: location.end.line - 1, character: location.end.column },
  };
}
