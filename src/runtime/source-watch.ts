import { dirname, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import type { CityPaths } from "../city/compose/sources.ts";
import type { Disposable } from "../lib/disposable.ts";
import type { Log } from "../lib/log.ts";

/**
 * How long nothing may change before it is told, in milliseconds: editors and git write several files at once. gc waits for
 * 200 (gascity-spec §1.5); a change shall have its effect within as many.
 */
const usualDebounce = 50;
/** One who writes all the time is not waited for longer than so many of these. */
const mostDebounces = 20;

/**
 * Watches all that a city was read from, and tells of changes together. A file that is not there yet is watched too, so
 * that it can come. What gc and the agents write themselves, below .gc and .beads, does not count.
 */
export class SourceWatch implements Disposable {
  readonly #watcher: FSWatcher;
  #wanted: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;
  /** When the first of the changes to be told together was seen. */
  #first: number | undefined;

  constructor(changed: () => void, log: Log, debounce = usualDebounce) {
    this.#watcher = watch([], {
      ignoreInitial: true,
      // A folder tells of its own entries: packs and work dirs may hold any number of files below.
      depth: 0,
      ignored: (path) => path.split(sep).some((name) => name === ".gc" || name === ".beads"),
    });
    this.#watcher.on("all", (_, path) => {
      if (!this.#wanted.has(path) && !this.#wanted.has(dirname(path))) return;
      clearTimeout(this.#timer);
      this.#first ??= performance.now();
      const patience = this.#first + mostDebounces * debounce - performance.now();
      this.#timer = setTimeout(
        () => {
          this.#first = undefined;
          changed();
        },
        Math.min(debounce, Math.max(0, patience)),
      );
    });
    this.#watcher.on("error", (error) => log.warn(`Changes of the city's files may be missed: ${String(error)}`));
  }

  /** From now on these count, and nothing else. */
  follow({ files, folders }: CityPaths): void {
    const wanted = new Set(folders);
    // The folder, because a file may be replaced by another one of its name, or not be there yet.
    for (const file of files) wanted.add(dirname(file));
    this.#wanted = wanted;
    // The library knows what it watches already; to it, unwatching a folder is for all below it and for ever.
    this.#watcher.add([...wanted]);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    void this.#watcher.close();
  }
}
