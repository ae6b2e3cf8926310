import type { TomlPath } from "../../text/toml-path.ts";
import { blockStart, sectionEnd } from "./blocks.ts";
import { type KeyStyle, keyLine, keyStyle } from "./key-style.ts";
import { blankLinesAbove, indentBefore, lineEnd, lineStart } from "./lines.ts";
import type { TextEdit } from "./text-edit.ts";
import { type TomlRecord, keyText } from "./toml-text.ts";
import type { Section, TomlTree } from "./toml-tree.ts";

/** Where a new section comes: below the last line of a section, above the first of one, or at the end of the text. */
export type SectionPlace = { readonly below: Section } | { readonly above: Section } | "end";

/** The header of a table or, for `[[element]]`, of an array's element. */
export function headerText(path: TomlPath, kind: "table" | "element"): string {
  const key = path.flatMap((part) => (typeof part === "string" ? keyText(part) : [])).join(".");
  return kind === "table" ? `[${key}]` : `[[${key}]]`;
}

/** Writes a new section in the style of `like`, or of the last section of the text. */
export function insertSection(
  tree: TomlTree,
  place: SectionPlace,
  header: string,
  entries: TomlRecord,
  like: Section | undefined = tree.sections.findLast(({ header }) => header),
): readonly TextEdit[] {
  const style = sectionStyle(tree, like);
  const keys = Object.entries(entries).map(([key, value]) => ({ key: keyText(key), value }));
  const width = style.width > 0 ? Math.max(...keys.map(({ key }) => key.length)) : 0;
  const indent = like?.header ? (indentBefore(tree.text, like.start) ?? "") : "";
  const lines = [indent + header, ...keys.map(({ key, value }) => keyLine({ ...style, width }, key, value))].join("\n");
  return [insertLines(tree, place, lines, blankLines(tree, like))];
}

/** Writes `lines`, which do not end with a line break, parted by so many blank lines from what is there. */
export function insertLines(tree: TomlTree, place: SectionPlace, lines: string, blanks: number): TextEdit {
  const { text } = tree;
  const gap = "\n".repeat(blanks + 1);
  if (typeof place === "object" && "above" in place) {
    const start = blockStart(tree, place.above.start);
    return { start, end: start, newText: lines + gap };
  }
  if (text.trim() === "") return { start: 0, end: 0, newText: `${lines}\n` };
  const end = place === "end" ? lineEnd(text, text.trimEnd().length) : sectionEnd(tree, place.below);
  // A comment directly above would become the new section's.
  const start = blanks === 0 && tree.isCommentLine(lineStart(text, end)) ? "\n\n" : gap;
  return { start: end, end, newText: start + lines };
}

/** How many blank lines part sections: those above `like`, or above the last section that has any text above it. */
function blankLines(tree: TomlTree, like: Section | undefined): number {
  for (const section of [like, ...tree.sections.toReversed()]) {
    if (!section?.header) continue;
    const { start, count } = blankLinesAbove(tree.text, blockStart(tree, section.start));
    if (start > 0) return count;
  }
  return 1;
}

function sectionStyle(tree: TomlTree, like: Section | undefined): KeyStyle {
  const model = like?.entries.length ? like : tree.sections.findLast(({ entries }) => entries.length > 0);
  return keyStyle(tree.text, model?.entries ?? []);
}
