import * as vscode from "vscode";
import type { Completion } from "../../city/language/completion/completion.ts";
import { completionsAt } from "../../city/language/completion/completions.ts";
import type { OpenCityFiles } from "./open-city-files.ts";
import { rangeIn } from "./ranges.ts";

/** After these, what can follow is offered without being asked for. */
export const completionTriggers = ["[", ".", '"', "'", "=", " "];

const kinds: Readonly<Record<Completion["kind"], vscode.CompletionItemKind>> = {
  table: vscode.CompletionItemKind.Struct,
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.Value,
  agent: vscode.CompletionItemKind.Reference,
  provider: vscode.CompletionItemKind.Interface,
  rig: vscode.CompletionItemKind.Folder,
  pack: vscode.CompletionItemKind.Module,
  event: vscode.CompletionItemKind.Event,
};

/** Offers tables, keys, values and names in a city's files. */
export class CityCompletions implements vscode.CompletionItemProvider {
  readonly #files: OpenCityFiles;

  constructor(files: OpenCityFiles) {
    this.#files = files;
  }

  provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    _token: vscode.CancellationToken,
    { triggerCharacter }: vscode.CompletionContext,
  ): vscode.CompletionItem[] | undefined {
    const context = this.#files.contextOf(document);
    if (!context) return undefined;
    const found = completionsAt(context, document.offsetAt(position));
    // A blank is an invitation only where a value is missing.
    const isValue = found.every(({ kind }) => kind !== "table" && kind !== "key");
    if (triggerCharacter === " " && !isValue) return undefined;
    return found.map((completion, index) => toItem(completion, index, document));
  }
}

function toItem(completion: Completion, index: number, document: vscode.TextDocument): vscode.CompletionItem {
  const { label, kind, detail, documentation, insert, replace, goesOn } = completion;
  const item = new vscode.CompletionItem(label, kinds[kind]);
  item.detail = detail;
  if (documentation !== "") item.documentation = new vscode.MarkdownString(documentation);
  item.insertText = new vscode.SnippetString(insert);
  item.range = rangeIn(document, replace);
  // The order in which they come says what is likely.
  item.sortText = String(index).padStart(5, "0");
  if (goesOn) item.command = { title: "", command: "editor.action.triggerSuggest" };
  return item;
}
