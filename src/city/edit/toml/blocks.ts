import { lineEnd, lineStart, nextLine } from "./lines.ts";
import type { Section, TomlTree } from "./toml-tree.ts";

/** Where the line of `offset` starts, or the comment lines directly above it, which belong to it. */
export function blockStart(tree: TomlTree, offset: number): number {
  let start = lineStart(tree.text, offset);
  while (start > 0 && tree.isCommentLine(lineStart(tree.text, start - 1))) start = lineStart(tree.text, start - 1);
  return start;
}

/**
 * Where the last line of a section ends, before its line break: its last entry's, or the last of the comment lines
 * directly below that, unless these belong to what comes next.
 */
export function sectionEnd(tree: TomlTree, section: Section): number {
  const { text } = tree;
  const end = lineEnd(text, section.end);
  let below = nextLine(text, end);
  let last = end;
  while (below < text.length && tree.isCommentLine(below)) {
    last = lineEnd(text, below);
    below = nextLine(text, below);
  }
  const next = tree.sections[tree.sections.indexOf(section) + 1];
  return next && blockStart(tree, next.start) <= last ? end : last;
}
