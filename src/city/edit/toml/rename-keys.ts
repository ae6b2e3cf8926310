import type { AST } from "toml-eslint-parser";
import type { TomlPath } from "../../text/toml-path.ts";
import type { TextEdit } from "./text-edit.ts";
import type { TomlDraft } from "./toml-draft.ts";
import { keyText } from "./toml-text.ts";

/** Gives keys of the table at `table`, in which no array is, other names wherever they are written. */
export function renameKeys(draft: TomlDraft, table: readonly string[], rename: (key: string) => string): void {
  const edits: TextEdit[] = [];
  const add = (above: TomlPath, parts: readonly (AST.TOMLBare | AST.TOMLQuoted)[]): void => {
    const path = [...above, ...parts.map(nameOf)];
    const part = parts[table.length - above.length];
    if (!part || !table.every((key, index) => path[index] === key)) return;
    const name = nameOf(part);
    const [start, end] = part.range;
    if (rename(name) !== name) edits.push({ start, end, newText: keyText(rename(name)) });
  };
  for (const { header, entries, path } of draft.tree.sections) {
    add([], header?.key.keys ?? []);
    for (const entry of entries) add(path, entry.key.keys);
  }
  draft.apply(edits.toSorted((a, b) => a.start - b.start));
}

function nameOf(part: AST.TOMLBare | AST.TOMLQuoted): string {
  return part.type === "TOMLBare" ? part.name : part.value;
}
