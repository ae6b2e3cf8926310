import { join } from "node:path";
import * as vscode from "vscode";
import type { CityChange } from "../../city/edit/city-draft.ts";
import type { CityTexts } from "../../city/edit/city-files.ts";
import { editRanges } from "../../city/edit/toml/text-edit.ts";

/** A change of the city in the folder `root`, whose texts were `texts`, as the editor makes it: in one step, to be undone in one. */
export function workspaceEdit(
  { edits, moves, removals }: CityChange,
  texts: CityTexts,
  root: string,
): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  const uriOf = (path: string): vscode.Uri => vscode.Uri.file(join(root, path));
  for (const [path, changes] of edits) {
    const replaced = editRanges(texts.get(path) ?? "", changes).map(({ range: { start, end }, newText }) => {
      const range = new vscode.Range(start.line, start.character, end.line, end.character);
      return vscode.TextEdit.replace(range, newText);
    });
    // An agent may be a folder without a file of its own.
    if (texts.get(path) === "") edit.createFile(uriOf(path), { ignoreIfExists: true });
    edit.set(uriOf(path), replaced);
  }
  for (const { from, to } of moves) edit.renameFile(uriOf(from), uriOf(to));
  for (const path of removals) edit.deleteFile(uriOf(path), { recursive: true, ignoreIfNotExists: true });
  return edit;
}
