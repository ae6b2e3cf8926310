import type { TomlPath } from "../../text/toml-path.ts";
import type { AST } from "toml-eslint-parser";
import { keyLine, keyStyle } from "./key-style.ts";
import { indentBefore, lineEnd } from "./lines.ts";
import { appendItem } from "./list-items.ts";
import { headerText, insertLines, insertSection } from "./new-section.ts";
import type { TextEdit } from "./text-edit.ts";
import type { TomlDraft } from "./toml-draft.ts";
import { type TomlInput, keyText, valueText } from "./toml-text.ts";
import type { Section, TomlNode, TomlTree } from "./toml-tree.ts";
import { valueOf } from "./value-of.ts";

/**
 * Sets the value at `path`: replaces the characters of the value that is there, else adds the key to its table, after
 * the last one and in the style of that; a table that is not there is made. Does nothing if the value is the same.
 * `path` must not lead to a table that is there, nor through an array's element that is not.
 */
export function setValue(draft: TomlDraft, path: TomlPath, value: TomlInput): void {
  const { tree } = draft;
  const node = tree.at(path);
  draft.apply(node ? replaceValue(tree, node, path, value) : insertKey(tree, path, value));
}

/** Sets many values that are there; `path` as for `setValue`. */
export function replaceValues(
  draft: TomlDraft,
  values: readonly (readonly [path: TomlPath, value: TomlInput])[],
): void {
  const { tree } = draft;
  const edits = values.flatMap(([path, value]) => {
    const node = tree.at(path);
    return node ? replaceValue(tree, node, path, value) : [];
  });
  draft.apply(edits.toSorted((a, b) => a.start - b.start));
}

function replaceValue(tree: TomlTree, node: TomlNode, path: TomlPath, value: TomlInput): readonly TextEdit[] {
  const written = node.value;
  if (!written) throw new Error(`${path.join(".")} is a table`);
  const literal = written.type === "TOMLValue" && written.kind === "string" && written.style === "literal";
  const [start, end] = written.range;
  const newText = valueText(value, literal);
  return valueOf(node) === value || tree.text.slice(start, end) === newText ? [] : [{ start, end, newText }];
}

function insertKey(tree: TomlTree, path: TomlPath, value: TomlInput): readonly TextEdit[] {
  let depth = path.length - 1;
  while (!tree.at(path.slice(0, depth))) depth--;
  const table = path.slice(0, depth);
  const node = tree.at(table) ?? tree.root;
  const rest = path.slice(depth).map((key) => {
    if (typeof key === "number") throw new Error(`${path.join(".")} is in an element that does not exist`);
    return key;
  });
  const key = rest.map(keyText).join(".");

  if (node.value?.type === "TOMLInlineTable") return appendItem(tree, node.value, `${key} = ${valueText(value)}`);
  if (node.value) throw new Error(`${table.join(".")} is no table`);
  if (node.section && rest.length === 1) return insertLine(tree, node.section, key, value);
  if (!node.section && node.entry) return insertBelow(tree, node.entry, `${prefixText(tree, node)}${key}`, value);

  const last = rest.at(-1) ?? "";
  const header = headerText(path.slice(0, -1), "table");
  const [first, ...others] = table.length > 0 ? tree.sectionsUnder(table) : [];
  if (!first) return insertSection(tree, "end", header, { [last]: value });
  const place = rest.length === 1 ? { above: first } : { below: others.at(-1) ?? first };
  return insertSection(tree, place, header, { [last]: value });
}

/** The keys that lead to a table of dotted keys, as they are written, with the dot after them. */
function prefixText({ text }: TomlTree, { entry, keyDepth = 0 }: TomlNode): string {
  const parts = entry?.key.keys ?? [];
  return `${text.slice(parts[0]?.range[0], parts[keyDepth - 1]?.range[1])}.`;
}

function insertLine(tree: TomlTree, section: Section, key: string, value: TomlInput): readonly TextEdit[] {
  const { text } = tree;
  const last = section.entries.at(-1);
  if (last) return insertBelow(tree, last, key, value);
  const model = tree.sections.findLast(({ entries, start }) => entries.length > 0 && start < section.start);
  const indent = indentBefore(text, section.start) ?? "";
  const line = keyLine({ ...keyStyle(text, model?.entries ?? []), width: 0, indent }, key, value);
  if (section.header) {
    const end = lineEnd(text, section.end);
    return [{ start: end, end, newText: `\n${line}` }];
  }
  const first = tree.sections.find(({ header }) => header);
  return [insertLines(tree, first ? { above: first } : "end", line, 1)];
}

function insertBelow(tree: TomlTree, entry: AST.TOMLKeyValue, key: string, value: TomlInput): readonly TextEdit[] {
  const { text } = tree;
  const { parent } = entry;
  if (parent.type === "TOMLInlineTable") return appendItem(tree, parent, `${key} = ${valueText(value)}`);
  const entries = tree.sections.find(({ entries }) => entries.includes(entry))?.entries ?? [entry];
  const siblings = entries.slice(0, entries.indexOf(entry) + 1);
  const end = lineEnd(text, entry.range[1]);
  return [{ start: end, end, newText: `\n${keyLine(keyStyle(text, siblings), key, value)}` }];
}
