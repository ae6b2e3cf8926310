import * as vscode from "vscode";
import type { CitySource } from "../../city/city-source.ts";
import type { Diagnostic } from "../../city/diagnostic.ts";
import { LanguageCity } from "../../city/language/language-city.ts";
import type { LanguageContext } from "../../city/language/language-context.ts";
import { type Disposable, DisposableStore } from "../../lib/disposable.ts";
import { Emitter } from "../../lib/emitter.ts";
import type { CityState } from "../../runtime/city-state.ts";
import { type Situation, stateOf } from "../situation.ts";

/** The files of the city of this window, with what is typed into them. Asks nothing of files that are not the city's. */
export class OpenCityFiles implements Disposable {
  readonly #sourceOf: (root: string) => CitySource;
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new Emitter<void>());
  /** A text of the city changed, or what is known of the city on disk. */
  readonly onDidChange = this.#changed.event;
  #state: CityState | undefined;
  #language: LanguageCity | undefined;
  #hasNewTexts = false;

  /** `sourceOf` tells what the city in a folder is made from. */
  constructor(sourceOf: (root: string) => CitySource) {
    this.#sourceOf = sourceOf;
    const { workspace } = vscode;
    this.#store.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // A text that was only saved is news for who reads the disk, and he will tell.
        this.#lookAnew(document, contentChanges.length > 0);
      }),
    );
    this.#store.add(workspace.onDidCloseTextDocument((document) => this.#lookAnew(document, true)));
    this.#store.add(workspace.onDidSaveTextDocument((document) => this.#lookAnew(document, false)));
  }

  update(situation: Situation): void {
    const before = this.#state;
    const state = stateOf(situation);
    this.#state = state;
    if (state?.root !== this.#language?.root) {
      this.#language = state && new LanguageCity(this.#sourceOf(state.root));
      this.#hasNewTexts = true;
    } else if (state?.diagnostics !== before?.diagnostics) {
      this.#language?.forgetDisk();
    } else return;
    this.#changed.fire();
  }

  get state(): CityState | undefined {
    return this.#state;
  }

  /** The city as its texts are now, saved or not. */
  get language(): LanguageCity | undefined {
    if (this.#hasNewTexts) {
      this.#hasNewTexts = false;
      const unsaved = vscode.workspace.textDocuments.filter(
        (document) => document.isDirty && this.#mayBeRead(document),
      );
      this.#language?.setUnsaved(new Map(unsaved.map((document) => [document.uri.fsPath, document.getText()])));
    }
    return this.#language;
  }

  /** What there is to know about a document; undefined for one that is not the city's. */
  contextOf(document: vscode.TextDocument): LanguageContext | undefined {
    return this.#mayBeRead(document) ? this.language?.contextOf(document.uri.fsPath) : undefined;
  }

  /** What is wrong with the texts as they are in the editor; as they are on disk, while all are saved. */
  diagnostics(): readonly Diagnostic[] {
    const hasUnsaved = vscode.workspace.textDocuments.some((document) => document.isDirty && this.#mayBeRead(document));
    return (hasUnsaved ? this.language?.diagnostics() : this.#state?.diagnostics) ?? [];
  }

  dispose(): void {
    this.#store.dispose();
  }

  #lookAnew(document: vscode.TextDocument, hasChanged: boolean): void {
    if (!this.#mayBeRead(document)) return;
    this.#hasNewTexts = true;
    if (!document.isDirty) this.#language?.forgetDisk();
    if (hasChanged) this.#changed.fire();
  }

  #mayBeRead({ uri }: vscode.TextDocument): boolean {
    const { scheme, fsPath } = uri;
    const root = this.#language?.root;
    return scheme === "file" && root !== undefined && fsPath.endsWith(".toml") && fsPath.startsWith(`${root}/`);
  }
}
