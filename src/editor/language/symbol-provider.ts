import * as vscode from "vscode";
import { type DocumentSymbol, documentSymbols } from "../../city/language/document-symbols.ts";
import type { OpenCityFiles } from "./open-city-files.ts";
import { rangeIn } from "./ranges.ts";

const kinds: Readonly<Record<DocumentSymbol["kind"], vscode.SymbolKind>> = {
  table: vscode.SymbolKind.Module,
  element: vscode.SymbolKind.Struct,
  entry: vscode.SymbolKind.Object,
};

/** The outline of a city's files. */
export class CitySymbols implements vscode.DocumentSymbolProvider {
  readonly #files: OpenCityFiles;

  constructor(files: OpenCityFiles) {
    this.#files = files;
  }

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] | undefined {
    const context = this.#files.contextOf(document);
    return context && documentSymbols(context.file.toml).map((symbol) => toEditor(symbol, document));
  }
}

function toEditor(
  { name, detail, kind, range, selection, children }: DocumentSymbol,
  document: vscode.TextDocument,
): vscode.DocumentSymbol {
  const ranges = [rangeIn(document, range), rangeIn(document, selection)] as const;
  const symbol = new vscode.DocumentSymbol(name, detail, kinds[kind], ...ranges);
  symbol.children = children.map((child) => toEditor(child, document));
  return symbol;
}
