import { join } from "node:path";
import * as vscode from "vscode";
import type { CityState } from "../../runtime/city-state.ts";
import { cityFileIn } from "./workspace-city.ts";

/** Opens the city's city.toml, or the file with the city's first error at that place. */
export async function openCityFile({ root, diagnostics }: CityState): Promise<void> {
  const error = diagnostics.find(({ severity }) => severity === "error");
  const editor = await vscode.window.showTextDocument(error ? vscode.Uri.file(error.file) : cityFileIn(root));
  if (!error) return;
  const { line, character } = error.range.start;
  const place = new vscode.Position(line, character);
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Which folder of the workspace a new city belongs in, by its absolute path; asks when there are several. */
export async function chooseCityFolder(): Promise<string | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder =
    folders.length > 1
      ? await vscode.window.showWorkspaceFolderPick({ placeHolder: "Folder of the city" })
      : folders[0];
  return folder?.uri.fsPath;
}

/** Writes the files of a new city, by their paths from `folder`, and opens its city.toml. Never overwrites. */
export async function writeNewCity(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  for (const [path, text] of files) {
    edit.createFile(vscode.Uri.file(join(folder, path)), {
      ignoreIfExists: true,
      contents: new TextEncoder().encode(text),
    });
  }
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(cityFileIn(folder));
}
