import type { TextEdit } from "./text-edit.ts";
import type { AST } from "toml-eslint-parser";
import { blockStart } from "./blocks.ts";
import { indentBefore, lineEnd, nextLine } from "./lines.ts";
import type { TomlTree } from "./toml-tree.ts";

/** An array or an inline table: something with items and commas between brackets. */
type List = AST.TOMLArray | AST.TOMLInlineTable;

function itemsOf(list: List): readonly AST.TOMLNode[] {
  return list.type === "TOMLArray" ? list.elements : list.body;
}

/** Appends `item`, as it is written, in the manner of the items before it. */
export function appendItem(tree: TomlTree, list: List, item: string): readonly TextEdit[] {
  const { text } = tree;
  const last = itemsOf(list).at(-1);
  if (!last) return fillEmpty(tree, list, item);
  const end = last.range[1];
  const comma = commaAfter(tree, end);
  const indent = indentBefore(text, last.range[0]);
  const tail = comma === undefined ? "" : ",";
  const edits: TextEdit[] = [];
  if (comma === undefined) edits.push({ start: end, end, newText: "," });
  // Behind a comment on the last item's line, but not behind the closing bracket.
  const afterComma = comma === undefined ? end : comma + 1;
  const endOfLine = lineEnd(text, afterComma);
  const place = indent !== undefined && endOfLine < list.range[1] ? endOfLine : afterComma;
  edits.push({ start: place, end: place, newText: (indent === undefined ? " " : `\n${indent}`) + item + tail });
  return edits;
}

function fillEmpty(tree: TomlTree, list: List, item: string): readonly TextEdit[] {
  const [start, end] = [list.range[0] + 1, list.range[1] - 1];
  const newText = list.type === "TOMLInlineTable" ? ` ${item} ` : item;
  return [{ start, end: tree.hasComment(start, end) ? start : end, newText }];
}

/** Removes the item at `index` with its comma; on lines of its own, with these and its comments. */
export function removeItem(tree: TomlTree, list: List, index: number): readonly TextEdit[] {
  const { text } = tree;
  const items = itemsOf(list);
  const [item, previous, next] = [items[index], items[index - 1], items[index + 1]];
  if (!item) return [];
  const [start, end] = item.range;
  const comma = commaAfter(tree, end);
  const afterComma = comma === undefined ? end : comma + 1;
  const rest = text.slice(afterComma, lineEnd(text, afterComma)).trim();
  if (indentBefore(text, start) !== undefined && (rest === "" || rest.startsWith("#"))) {
    return [{ start: blockStart(tree, start), end: nextLine(text, afterComma), newText: "" }];
  }
  const remove = (from: number, to: number): readonly TextEdit[] =>
    // A comment between two items is not theirs alone.
    [tree.hasComment(from, to) ? { start, end: afterComma, newText: "" } : { start: from, end: to, newText: "" }];
  if (next) return remove(start, next.range[0]);
  if (previous) return remove(previous.range[1], end);
  return remove(list.range[0] + 1, list.range[1] - 1);
}

/** Where the comma stands after an item that ends at `end`; the last item may have none. */
function commaAfter({ text }: TomlTree, end: number): number | undefined {
  for (let at = end; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === ",") return at;
    if (character === "#") at = lineEnd(text, at);
    else if (character.trim() !== "") return undefined;
  }
  return undefined;
}
