import type { TomlPath } from "../../text/toml-path.ts";
import { blockStart, sectionEnd } from "./blocks.ts";
import { blankLinesAbove, isBlankLine, lineEnd, nextLine } from "./lines.ts";
import { removeItem } from "./list-items.ts";
import type { TextEdit } from "./text-edit.ts";
import type { TomlDraft } from "./toml-draft.ts";
import type { Section, TomlNode, TomlTree } from "./toml-tree.ts";

/**
 * Removes the key, table or element at `path` with all below it, the comments on its lines and the comment lines
 * directly above it; does nothing when nothing is there.
 */
export function removeValue(draft: TomlDraft, path: TomlPath): void {
  const { tree } = draft;
  const key = path.at(-1);
  const list = tree.at(path.slice(0, -1))?.value;
  if (list?.type === "TOMLArray") {
    if (typeof key === "number") draft.apply(removeItem(tree, list, key));
    return;
  }
  draft.apply(runsOf(tree, path).map(([first, last]) => removeLines(tree, first.start, sectionEnd(tree, last))));
  // The next element of an array stands now where this one did.
  if (typeof key === "number") return;
  // Dotted keys may write a table on many lines.
  for (let node; (node = draft.tree.at(path));) draft.apply(removeEntry(draft.tree, node));
}

/** The sections of `path` and below, as first and last of each run that nothing interrupts. */
function runsOf(tree: TomlTree, path: TomlPath): readonly [Section, Section][] {
  const runs: [Section, Section][] = [];
  for (const section of tree.sectionsUnder(path)) {
    const run = runs.at(-1);
    if (run && tree.sections.indexOf(section) === tree.sections.indexOf(run[1]) + 1) run[1] = section;
    else runs.push([section, section]);
  }
  return runs;
}

function removeEntry(tree: TomlTree, { entry }: TomlNode): readonly TextEdit[] {
  if (!entry) throw new Error("Nothing writes this value");
  const { parent } = entry;
  if (parent.type === "TOMLInlineTable") return removeItem(tree, parent, parent.body.indexOf(entry));
  return [removeLines(tree, entry.range[0], lineEnd(tree.text, entry.range[1]))];
}

/** Removes the lines from that of `start` to that of `end`, and one of the gaps that would else be one. */
function removeLines(tree: TomlTree, start: number, end: number): TextEdit {
  const { text } = tree;
  const first = blockStart(tree, start);
  const above = blankLinesAbove(text, first);
  let below = nextLine(text, end);
  if (text.slice(below).trim() === "") {
    // A text without a line break at its end shall stay so.
    const last = end === text.length && above.start > 0 ? lineEnd(text, above.start - 1) : above.start;
    return { start: last, end: below, newText: "" };
  }
  if (above.count > 0 || first === 0) while (isBlankLine(text, below)) below = nextLine(text, below);
  return { start: first, end: below, newText: "" };
}
