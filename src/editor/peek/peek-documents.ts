import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../lib/disposable.ts";
import type { CityRuntime } from "../../runtime/city-runtime.ts";
import type { AgentState } from "../../runtime/city-state.ts";

/** The scheme of peek documents; their path is the agent's name, their query its session. */
const scheme = "gascity-peek";

/** How many lines of scrollback to show. */
const lines = 1000;

/** Read-only documents with the newest output of agents, as of the last `show`. */
export class PeekDocuments implements vscode.TextDocumentContentProvider, Disposable {
  readonly #runtime: () => CityRuntime | undefined;
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;
  readonly #texts = new Map<string, string>();

  constructor(runtime: () => CityRuntime | undefined) {
    this.#runtime = runtime;
    this.#store.add(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.#store.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())));
    this.#store.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme !== scheme) return;
        for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) revealEnd(editor);
      }),
    );
  }

  /** Fetches the agent's output and shows it, or brings the document that shows it up to date. */
  async show({ agent, session }: AgentState): Promise<void> {
    const runtime = this.#runtime();
    if (!runtime) return;
    const text = await runtime.peek(session, lines);
    const uri = vscode.Uri.from({ scheme, path: `/${agent}`, query: session });
    this.#texts.set(uri.toString(), text.trimEnd());
    this.#changed.fire(uri);
    revealEnd(await vscode.window.showTextDocument(uri, { preview: true }));
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? "";
  }

  dispose(): void {
    this.#store.dispose();
  }
}

function revealEnd(editor: vscode.TextEditor): void {
  const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
  editor.selection = new vscode.Selection(end, end);
  editor.revealRange(editor.selection);
}
