import * as vscode from "vscode";
import type { Diagnostic } from "../../city/diagnostic.ts";
import { type Disposable, DisposableStore } from "../../lib/disposable.ts";
import type { CityState } from "../../runtime/city-state.ts";
import { cityFileIn } from "../city/workspace-city.ts";
import { type Situation, stateOf } from "../situation.ts";

/** Looks at the text of a city.toml in the folder `root`, without making it the city's. */
export type Diagnose = (text: string, root: string) => readonly Diagnostic[];

/** How long after the last keystroke an unsaved city.toml is looked at, in milliseconds. */
const typingPause = 200;

/** Shows what is wrong with city.toml at its place in the file: of the text being typed, else of the file on disk. */
export class CityDiagnostics implements Disposable {
  readonly #diagnose: Diagnose;
  readonly #store = new DisposableStore();
  readonly #collection = this.#store.add(vscode.languages.createDiagnosticCollection("gascity"));
  #state: CityState | undefined;
  #typing: NodeJS.Timeout | undefined;

  constructor(diagnose: Diagnose) {
    this.#diagnose = diagnose;
    this.#store.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.#isCityFile(document)) this.#refreshAfter(typingPause);
      }),
    );
    this.#store.add(
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (this.#isCityFile(document)) this.#refreshAfter(0);
      }),
    );
  }

  update(situation: Situation): void {
    const state = stateOf(situation);
    const before = this.#state;
    this.#state = state;
    if (state?.root !== before?.root) this.#collection.clear();
    if (state && state.diagnostics !== before?.diagnostics) this.#refreshAfter(0);
  }

  dispose(): void {
    clearTimeout(this.#typing);
    this.#store.dispose();
  }

  #isCityFile({ uri }: vscode.TextDocument): boolean {
    return this.#state !== undefined && uri.toString() === cityFileIn(this.#state.root).toString();
  }

  #refreshAfter(delay: number): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#refresh(), delay);
  }

  #refresh(): void {
    const state = this.#state;
    if (!state) return;
    const unsaved = vscode.workspace.textDocuments.find((document) => document.isDirty && this.#isCityFile(document));
    const found = unsaved ? this.#diagnose(unsaved.getText(), state.root) : state.diagnostics;
    this.#collection.set(cityFileIn(state.root), found.map(toEditor));
  }
}

function toEditor({ message, range: { start, end }, severity }: Diagnostic): vscode.Diagnostic {
  const range = new vscode.Range(start.line, start.character, end.line, end.character);
  const level = severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const diagnostic = new vscode.Diagnostic(range, message, level);
  diagnostic.source = "Gas City";
  return diagnostic;
}
