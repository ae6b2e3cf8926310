import * as vscode from "vscode";
import type { CitySource } from "../../city/city-source.ts";
import { type Disposable, DisposableStore } from "../../lib/disposable.ts";
import type { CityConfiguration } from "../configuration/city-configuration.ts";
import { EditorConfiguration } from "../configuration/editor-configuration.ts";
import type { Situation } from "../situation.ts";
import { CityDiagnostics } from "./city-diagnostics.ts";
import { CityCompletions, completionTriggers } from "./completion-provider.ts";
import { CityFixes } from "./fix-provider.ts";
import { CityHovers } from "./hover-provider.ts";
import { CityLenses } from "./lens-provider.ts";
import { CityDefinitions, CityReferences } from "./location-providers.ts";
import { OpenCityFiles } from "./open-city-files.ts";
import { CityRenames } from "./rename-provider.ts";
import { ResolvedDocuments } from "./resolved-documents.ts";
import { CitySymbols } from "./symbol-provider.ts";

/** Fragments have any name; what is not the city's is turned away at once. */
const selector: vscode.DocumentFilter = { scheme: "file", pattern: "**/*.toml" };

/** Makes city.toml and the files that belong to it a language of the editor. */
export class CityLanguage implements Disposable {
  readonly #store = new DisposableStore();
  readonly #files: OpenCityFiles;
  readonly #lenses: CityLenses;
  readonly #resolved: ResolvedDocuments;
  /** The files themselves, for commands. */
  readonly configuration: CityConfiguration;

  /** `sourceOf` tells what the city in a folder is made from. */
  constructor(sourceOf: (root: string) => CitySource) {
    const { languages } = vscode;
    const files = this.#store.add(new OpenCityFiles(sourceOf));
    this.#files = files;
    this.configuration = new EditorConfiguration(files);
    this.#lenses = this.#store.add(new CityLenses(files));
    this.#resolved = this.#store.add(new ResolvedDocuments(files));
    const fixKinds = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
    for (const part of [
      new CityDiagnostics(files),
      languages.registerCompletionItemProvider(selector, new CityCompletions(files), ...completionTriggers),
      languages.registerHoverProvider(selector, new CityHovers(files)),
      languages.registerDefinitionProvider(selector, new CityDefinitions(files)),
      languages.registerReferenceProvider(selector, new CityReferences(files)),
      languages.registerRenameProvider(selector, new CityRenames(files)),
      languages.registerDocumentSymbolProvider(selector, new CitySymbols(files), { label: "Gas City" }),
      languages.registerCodeActionsProvider(selector, new CityFixes(files), fixKinds),
      languages.registerCodeLensProvider(selector, this.#lenses),
    ]) {
      this.#store.add(part);
    }
  }

  update(situation: Situation): void {
    this.#files.update(situation);
    this.#lenses.update(situation);
  }

  /** Shows the city as all of its files make it. */
  async showResolved(): Promise<void> {
    await this.#resolved.show();
  }

  dispose(): void {
    this.#store.dispose();
  }
}
