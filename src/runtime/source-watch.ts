import type { Stats } from "node:fs";
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
/** A file's time may be so much earlier than the clock said when it was written, in milliseconds: the kernel's is a coarse one. */
const coarse = 100;
/** For how long what a folder is found to hold may have been there before it was watched, in milliseconds. */
const firstLook = 10_000;

/**
 * Watches all that a city was read from, and tells of changes together. A file that is not there yet is watched too, so
 * that it can come. What gc and the agents write themselves, below .gc and .beads, does not count.
 */
export class SourceWatch implements Disposable {
  readonly #watcher: FSWatcher;
  /** The folders that count, and since when, on the clock that nobody sets. */
  #followed: ReadonlyMap<string, number> = new Map();
  /** When the files were read last, by the wall clock. */
  #readAt = Date.now();
  #timer: NodeJS.Timeout | undefined;
  /** When the first of the changes to be told together was seen. */
  #first: number | undefined;

  constructor(changed: () => void, log: Log, debounce = usualDebounce) {
    this.#watcher = watch([], {
      // What comes after the files were read and before their folders are watched is found by the first look at these.
      ignoreInitial: false,
      alwaysStat: true,
      // A folder tells of its own entries: packs and work dirs may hold any number of files below.
      depth: 0,
      ignored: (path) => path.split(sep).some((name) => name === ".gc" || name === ".beads"),
    });
    this.#watcher.on("all", (event, path, stats) => {
      if (!this.#followed.has(path) && !this.#followed.has(dirname(path))) return;
      if (event.startsWith("add") && this.#isRead(path, stats)) return;
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

  /** From now on these count, and nothing else. They were read no earlier than at `readAt`, by the wall clock. */
  follow({ files, folders }: CityPaths, readAt: number): void {
    this.#readAt = readAt;
    const wanted = new Set(folders);
    // The folder, because a file may be replaced by another one of its name, or not be there yet.
    for (const file of files) wanted.add(dirname(file));
    const now = performance.now();
    this.#followed = new Map(Array.from(wanted, (folder) => [folder, this.#followed.get(folder) ?? now]));
    // The library knows what it watches already; to it, unwatching a folder is for all below it and for ever.
    this.#watcher.add([...wanted]);
  }

  /** Whether it is there only now for the watch alone. */
  #isRead(path: string, stats: Stats | undefined): boolean {
    const since = this.#followed.get(dirname(path)) ?? this.#followed.get(path) ?? -Infinity;
    return stats !== undefined && stats.ctimeMs < this.#readAt - coarse && performance.now() - since < firstLook;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    void this.#watcher.close();
  }
}
