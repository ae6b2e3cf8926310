import type { TomlPath } from "../../text/toml-path.ts";
import { appendItem } from "./list-items.ts";
import { headerText, insertSection, type SectionPlace } from "./new-section.ts";
import { setValue } from "./set-value.ts";
import type { TomlDraft } from "./toml-draft.ts";
import { type TomlRecord, valueText } from "./toml-text.ts";
import type { Section, TomlTree } from "./toml-tree.ts";

/**
 * Appends a table to the array at `path`, in the form that the array has: `[[path]]` after the last element and its
 * sub-tables, or `{ … }` after the last one between the array's brackets. A new array comes below the sections of
 * `near`, or else of its own parent, or at the end.
 */
export function appendElement(draft: TomlDraft, path: TomlPath, element: TomlRecord, near?: TomlPath): void {
  const { tree } = draft;
  const node = tree.at(path);
  if (node?.value?.type === "TOMLArray") {
    draft.apply(appendItem(tree, node.value, valueText(element)));
    return;
  }
  const last = node && tree.at([...path, node.children.size - 1])?.section;
  if (node && last) {
    const below = tree.sectionsUnder(last.path).at(-1) ?? last;
    draft.apply(insertSection(tree, { below }, writtenHeader(tree, last), element, last));
    return;
  }
  const parent = tree.at(path.slice(0, -1));
  if (parent?.value || (parent?.entry && !parent.section)) {
    setValue(draft, path, [element]);
    return;
  }
  const place = placeNear(tree, near ?? []) ?? placeNear(tree, path.slice(0, -1)) ?? "end";
  draft.apply(insertSection(tree, place, headerText(path, "element"), element));
}

function placeNear(tree: TomlTree, path: TomlPath): SectionPlace | undefined {
  const below = path.length > 0 ? tree.sectionsUnder(path).at(-1) : undefined;
  return below && { below };
}

/** A header as it is written, brackets included. */
function writtenHeader({ text }: TomlTree, { header, path }: Section): string {
  if (!header) return headerText(path, "element");
  return text.slice(header.range[0], text.indexOf("]]", header.key.range[1]) + 2);
}
