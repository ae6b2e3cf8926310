import * as vscode from "vscode";
import type { CityState } from "../../runtime/city-state.ts";
import { cityTemplate } from "./city-template.ts";
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

/** Writes a first city.toml into a workspace folder, asking which if there are several, and opens it. Never overwrites. */
export async function createCityFile(): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder =
    folders.length > 1
      ? await vscode.window.showWorkspaceFolderPick({ placeHolder: "Folder of the city" })
      : folders[0];
  if (!folder) return;
  const uri = vscode.Uri.joinPath(folder.uri, "city.toml");
  const edit = new vscode.WorkspaceEdit();
  const contents = new TextEncoder().encode(cityTemplate(folder.name));
  edit.createFile(uri, { ignoreIfExists: true, contents });
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(uri);
}
