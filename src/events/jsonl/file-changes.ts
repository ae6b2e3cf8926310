import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { Disposable } from "../../lib/disposable.ts";
import type { Log } from "../../lib/log.ts";
import { problemOf } from "../../lib/problem.ts";
import { isMissing } from "./event-file.ts";

/**
 * Tells when a file may have changed, come or gone. Its folder is watched, for the file may be replaced by another one,
 * and that folder's own, for it may be made later or anew. A slow patrol is the net below: it tells without a reason.
 */
export class FileChanges implements Disposable {
  readonly #path: string;
  readonly #changed: () => void;
  readonly #log: Log;
  readonly #patrol: NodeJS.Timeout;
  #folder: FSWatcher | undefined;
  #above: FSWatcher | undefined;
  #told = false;

  /** `patrol` in milliseconds. */
  constructor(path: string, changed: () => void, log: Log, patrol: number) {
    this.#path = path;
    this.#changed = changed;
    this.#log = log;
    this.#watch();
    this.#patrol = setInterval(() => {
      this.#watch();
      changed();
    }, patrol);
  }

  dispose(): void {
    clearInterval(this.#patrol);
    this.#folder?.close();
    this.#above?.close();
  }

  #watch(): void {
    const before = this.#above;
    this.#above = this.#watchFor(dirname(this.#path), () => {
      this.#watchFolder();
      this.#changed();
    });
    this.#watchFolder();
    before?.close();
  }

  #watchFolder(): void {
    const before = this.#folder;
    this.#folder = this.#watchFor(this.#path, this.#changed);
    before?.close();
  }

  /** Watches the folder of a path for that path; undefined when it cannot. */
  #watchFor(path: string, changed: () => void): FSWatcher | undefined {
    try {
      const watcher = watch(dirname(path), (_, name) => {
        if (name === null || name === basename(path)) changed();
      });
      return watcher.on("error", (error) => this.#failed(error));
    } catch (error) {
      if (!isMissing(error)) this.#failed(error);
      return undefined;
    }
  }

  #failed(error: unknown): void {
    if (this.#told) return;
    this.#told = true;
    this.#log.warn(
      `Events are seen late: ${problemOf(error).reason}. ` +
        "Let this user watch more files, for instance by fs.inotify.max_user_watches.",
    );
  }
}
