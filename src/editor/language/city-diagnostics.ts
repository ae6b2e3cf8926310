import * as vscode from "vscode";
import type { Diagnostic } from "../../city/diagnostic.ts";
import { type Disposable, DisposableStore } from "../../lib/disposable.ts";
import type { CityState } from "../../runtime/city-state.ts";
import { type Situation, stateOf } from "../situation.ts";

/** Looks at the city in the folder `root` with texts that are not saved, by their paths, without making it the city's. */
export type Diagnose = (root: string, unsaved: ReadonlyMap<string, string>) => readonly Diagnostic[];

/** Who says it, in the list of problems. */
export const diagnosticSource = "Gas City";

/** How long after the last keystroke texts are looked at, in milliseconds. */
const typingPause = 200;

/** Shows what is wrong with the city's files at its place in each: of the texts being typed, else of those on disk. */
export class CityDiagnostics implements Disposable {
  readonly #diagnose: Diagnose;
  readonly #store = new DisposableStore();
  readonly #collection = this.#store.add(vscode.languages.createDiagnosticCollection("gascity"));
  #state: CityState | undefined;
  #shown: ReadonlySet<string> = new Set();
  #typing: NodeJS.Timeout | undefined;

  constructor(diagnose: Diagnose) {
    this.#diagnose = diagnose;
    this.#store.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.#mayBeRead(document)) this.#refreshAfter(typingPause);
      }),
    );
    this.#store.add(
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (this.#mayBeRead(document)) this.#refreshAfter(0);
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

  #mayBeRead({ uri }: vscode.TextDocument): boolean {
    const { scheme, fsPath } = uri;
    return scheme === "file" && fsPath.endsWith(".toml") && fsPath.startsWith(`${this.#state?.root ?? ""}/`);
  }

  #refreshAfter(delay: number): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#refresh(), delay);
  }

  #refresh(): void {
    const state = this.#state;
    if (!state) return;
    const unsaved = vscode.workspace.textDocuments.filter((document) => document.isDirty && this.#mayBeRead(document));
    const texts = new Map(unsaved.map((document) => [document.uri.fsPath, document.getText()]));
    const found = texts.size > 0 ? this.#diagnose(state.root, texts) : state.diagnostics;
    const byFile = Map.groupBy(found, ({ file }) => file);
    const gone = [...this.#shown].filter((file) => !byFile.has(file));
    for (const file of gone) this.#collection.delete(vscode.Uri.file(file));
    for (const [file, diagnostics] of byFile) this.#collection.set(vscode.Uri.file(file), diagnostics.map(toEditor));
    this.#shown = new Set(byFile.keys());
  }
}

const tags: Readonly<Record<string, vscode.DiagnosticTag>> = {
  deprecated: vscode.DiagnosticTag.Deprecated,
  "no-effect": vscode.DiagnosticTag.Unnecessary,
};

function toEditor({ message, range: { start, end }, severity, code = "" }: Diagnostic): vscode.Diagnostic {
  const range = new vscode.Range(start.line, start.character, end.line, end.character);
  const level = severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const diagnostic = new vscode.Diagnostic(range, message, level);
  diagnostic.source = diagnosticSource;
  diagnostic.code = code;
  const tag = tags[code];
  if (tag !== undefined) diagnostic.tags = [tag];
  return diagnostic;
}
