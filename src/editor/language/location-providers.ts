import * as vscode from "vscode";
import type { LanguageContext } from "../../city/language/language-context.ts";
import { definitionsAt, type Location, referencesAt } from "../../city/language/locations.ts";
import type { OpenCityFiles } from "./open-city-files.ts";
import { rangeInText } from "./ranges.ts";

/** Leads from a name in a city's files to what it names, and from a path to its file. */
export class CityDefinitions implements vscode.DefinitionProvider {
  readonly #files: OpenCityFiles;

  constructor(files: OpenCityFiles) {
    this.#files = files;
  }

  provideDefinition(document: vscode.TextDocument, position: vscode.Position): vscode.Location[] | undefined {
    const context = this.#files.contextOf(document);
    return context && definitionsAt(context, document.offsetAt(position)).map((found) => toEditor(found, context));
  }
}

/** Finds all uses of a name in a city's files. */
export class CityReferences implements vscode.ReferenceProvider {
  readonly #files: OpenCityFiles;

  constructor(files: OpenCityFiles) {
    this.#files = files;
  }

  provideReferences(
    document: vscode.TextDocument,
    position: vscode.Position,
    { includeDeclaration }: vscode.ReferenceContext,
  ): vscode.Location[] | undefined {
    const context = this.#files.contextOf(document);
    if (!context) return undefined;
    const found = referencesAt(context, document.offsetAt(position), includeDeclaration);
    return found.map((location) => toEditor(location, context));
  }
}

function toEditor({ file, span }: Location, { files }: LanguageContext): vscode.Location {
  return new vscode.Location(vscode.Uri.file(file), rangeInText(files.get(file)?.toml.text, span));
}
