import * as vscode from "vscode";
import { configText } from "../../city/resolve/config-text.ts";
import { type Disposable, DisposableStore } from "../../lib/disposable.ts";
import type { OpenCityFiles } from "./open-city-files.ts";

/** The scheme of the document; its path ends as the editor knows TOML. */
const uri = vscode.Uri.from({ scheme: "gascity-config", path: "/resolved city.toml" });

/** How long after the last keystroke the document follows, in milliseconds. */
const typingPause = 300;

/** A read-only document with the city as all of its files make it, unsaved ones included. Follows them while it is open. */
export class ResolvedDocuments implements vscode.TextDocumentContentProvider, Disposable {
  readonly #files: OpenCityFiles;
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;
  #typing: NodeJS.Timeout | undefined;

  constructor(files: OpenCityFiles) {
    this.#files = files;
    this.#store.add(vscode.workspace.registerTextDocumentContentProvider(uri.scheme, this));
    this.#store.add(
      files.onDidChange(() => {
        if (!vscode.workspace.textDocuments.some((document) => document.uri.scheme === uri.scheme)) return;
        clearTimeout(this.#typing);
        this.#typing = setTimeout(() => this.#changed.fire(uri), typingPause);
      }),
    );
  }

  async show(): Promise<void> {
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(uri, { preview: true });
  }

  provideTextDocumentContent(): string {
    const { language } = this.#files;
    if (!language) return "# No city is open.\n";
    const { composed, isReadable } = language;
    const hasErrors = composed.findings.some(({ severity }) => severity === "error");
    const warning = isReadable
      ? hasErrors && "# The city's files have errors: this is what can be read of them."
      : "# A file cannot be read just now: this is what the files last made.";
    const head = ["# The city as all of its files make it. Change those, not this.", warning].filter(Boolean);
    return `${head.join("\n")}\n\n${configText(composed.config)}`;
  }

  dispose(): void {
    clearTimeout(this.#typing);
    this.#store.dispose();
  }
}
