import { access } from "node:fs/promises";
import * as vscode from "vscode";
import { type Disposable, DisposableStore, toDisposable } from "../../lib/disposable.ts";
import { Emitter } from "../../lib/emitter.ts";
import type { CityRuntime } from "../../runtime/city-runtime.ts";
import type { Situation } from "../situation.ts";

/** How long a city.toml may be gone, in milliseconds, before its city closes: programs replace files by delete and write. */
const replacePatience = 500;

/**
 * Keeps the one city of this window open: that of the first workspace folder with a city.toml, once the workspace is
 * trusted. Follows the folders, the trust and the file.
 */
export class WorkspaceCity implements Disposable {
  readonly #open: (root: string) => CityRuntime;
  readonly #changed = new Emitter<Situation>();
  readonly onDidChange = this.#changed.event;
  readonly #opened = new Emitter<CityRuntime>();
  /** A city was opened; after the first `onDidChange` with it. */
  readonly onDidOpen = this.#opened.event;
  readonly #store = new DisposableStore();
  #situation: Situation = { kind: "noFolder" };
  #current: { readonly root: string; readonly runtime: CityRuntime; readonly close: () => Promise<void> } | undefined;
  #looking: Promise<void> = Promise.resolve();

  /** `open` opens the city in a folder, given by its absolute path. */
  constructor(open: (root: string) => CityRuntime) {
    this.#open = open;
    this.#store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => void this.look()));
    this.#store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void this.look()));
    this.#store.add(vscode.workspace.onDidSaveTextDocument(({ uri }) => this.#fileChanged(uri)));
    const watcher = this.#store.add(vscode.workspace.createFileSystemWatcher("**/city.toml"));
    watcher.onDidChange((uri) => this.#fileChanged(uri));
    watcher.onDidCreate((uri) => {
      this.#fileChanged(uri);
      void this.look();
    });
    let patience: NodeJS.Timeout | undefined;
    watcher.onDidDelete(() => {
      clearTimeout(patience);
      patience = setTimeout(() => void this.look(), replacePatience);
    });
    this.#store.add(toDisposable(() => clearTimeout(patience)));
    this.#store.add(toDisposable(() => void this.close()));
  }

  get situation(): Situation {
    return this.#situation;
  }

  get runtime(): CityRuntime | undefined {
    return this.#current?.runtime;
  }

  /** Looks at the workspace anew and opens or closes the city as it demands. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look());
    return this.#looking;
  }

  /** Closes the city; resolves when its control has been handed back. */
  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.close();
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #look(): Promise<void> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    if (folders.length === 0) return this.#show({ kind: "noFolder" });
    if (!vscode.workspace.isTrusted) return this.#show({ kind: "untrusted" });
    const root = await firstCity(folders);
    if (this.#store.disposed || (root !== undefined && root === this.#current?.root)) return;
    if (root === undefined) return this.#show({ kind: "noCity" });
    void this.close();
    const runtime = this.#open(root);
    const changes = runtime.onDidChange((state) => this.#publish({ kind: "city", state }));
    this.#current = {
      root,
      runtime,
      async close() {
        changes.dispose();
        await runtime[Symbol.asyncDispose]();
      },
    };
    this.#publish({ kind: "city", state: runtime.state });
    this.#opened.fire(runtime);
  }

  #show(situation: Situation): void {
    void this.close();
    this.#publish(situation);
  }

  #publish(situation: Situation): void {
    this.#situation = situation;
    this.#changed.fire(situation);
  }

  #fileChanged(uri: vscode.Uri): void {
    const current = this.#current;
    if (current && uri.toString() === cityFileIn(current.root).toString()) current.runtime.reload();
  }
}

/** The address of the city.toml in a folder given by its absolute path. */
export function cityFileIn(root: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.Uri.file(root), "city.toml");
}

async function firstCity(folders: readonly vscode.WorkspaceFolder[]): Promise<string | undefined> {
  for (const { uri } of folders) {
    if (uri.scheme !== "file") continue;
    try {
      await access(cityFileIn(uri.fsPath).fsPath);
      return uri.fsPath;
    } catch {
      // This folder has none.
    }
  }
  return undefined;
}
