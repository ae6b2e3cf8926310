import * as vscode from "vscode";
import type { Diagnostic } from "../../city/diagnostic.ts";
import { type Disposable, DisposableStore } from "../../lib/disposable.ts";
import type { OpenCityFiles } from "./open-city-files.ts";

/** Who says it, in the list of problems. */
export const diagnosticSource = "Gas City";

/** How long after the last keystroke texts are looked at, in milliseconds. */
const typingPause = 200;

/** Shows what is wrong with the city's files at its place in each: of the texts being typed, else of those on disk. */
export class CityDiagnostics implements Disposable {
  readonly #files: OpenCityFiles;
  readonly #store = new DisposableStore();
  readonly #collection = this.#store.add(vscode.languages.createDiagnosticCollection("gascity"));
  #shown: ReadonlySet<string> = new Set();
  #typing: NodeJS.Timeout | undefined;

  constructor(files: OpenCityFiles) {
    this.#files = files;
    this.#store.add(
      files.onDidChange(() => {
        clearTimeout(this.#typing);
        this.#typing = setTimeout(() => this.#refresh(), typingPause);
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.#typing);
    this.#store.dispose();
  }

  #refresh(): void {
    const root = this.#files.state?.root ?? "";
    const found = this.#files.diagnostics().filter((diagnostic) => concernsAuthor(diagnostic, root));
    const byFile = Map.groupBy(found, ({ file }) => file);
    const gone = [...this.#shown].filter((file) => !byFile.has(file));
    for (const file of gone) this.#collection.delete(vscode.Uri.file(file));
    for (const [file, diagnostics] of byFile) this.#collection.set(vscode.Uri.file(file), diagnostics.map(toEditor));
    this.#shown = new Set(byFile.keys());
  }
}

/** Warnings in what gc or git put there are for those who wrote it. */
function concernsAuthor({ file, severity }: Diagnostic, root: string): boolean {
  return severity === "error" || (file.startsWith(`${root}/`) && !file.startsWith(`${root}/.gc/`));
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
