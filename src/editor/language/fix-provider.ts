import * as vscode from "vscode";
import { quickFixes } from "../../city/language/fixes/quick-fixes.ts";
import { diagnosticSource } from "./city-diagnostics.ts";
import { fetchPacks } from "../commands/fetch-packs.ts";
import type { OpenCityFiles } from "./open-city-files.ts";
import { rangeIn } from "./ranges.ts";

/** Mends what the diagnostics of a city's files tell of. */
export class CityFixes implements vscode.CodeActionProvider {
  readonly #files: OpenCityFiles;

  constructor(files: OpenCityFiles) {
    this.#files = files;
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] | undefined {
    const own = diagnostics.filter(({ source }) => source === diagnosticSource);
    const context = own.length > 0 ? this.#files.contextOf(document) : undefined;
    if (!context) return undefined;
    return own.flatMap((diagnostic) => {
      const { start, end } = diagnostic.range;
      const code = typeof diagnostic.code === "string" ? diagnostic.code : "";
      if (code === "not-fetched") return [fetching(diagnostic)];
      const span = { start: document.offsetAt(start), end: document.offsetAt(end) };
      return quickFixes(context, { code, span }).map(({ title, edits, isPreferred }) => {
        const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        const edit = new vscode.WorkspaceEdit();
        const replaced = edits.map((one) => vscode.TextEdit.replace(rangeIn(document, one), one.newText));
        edit.set(document.uri, replaced);
        return Object.assign(action, { edit, isPreferred, diagnostics: [diagnostic] });
      });
    });
  }
}

function fetching(diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const action = new vscode.CodeAction(fetchPacks.title, vscode.CodeActionKind.QuickFix);
  const command = { command: fetchPacks.id, title: fetchPacks.title };
  return Object.assign(action, { command, isPreferred: true, diagnostics: [diagnostic] });
}
