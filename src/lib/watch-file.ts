import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { type Disposable, toDisposable } from "./disposable.ts";

/** The net below the pushes, in milliseconds: a folder may be replaced by another of its name without a word. */
const patrol = 10_000;

/**
 * Calls `look` at once, and whenever the file may have changed, come or gone, until disposed. What replaces a file by another
 * one is told by its folder, so that is watched; while there is none yet, the nearest folder above is.
 */
export function watchFile(file: string, look: () => void): Disposable {
  let watcher: FSWatcher | undefined;
  const arm = (): void => {
    watcher?.close();
    watcher = undefined;
    for (let path = file; !watcher && path !== dirname(path); path = dirname(path)) {
      watcher = watchFolder(dirname(path), basename(path), path === file ? look : arm);
    }
    // After it is watched: nothing may fall between.
    look();
  };
  const timer = setInterval(arm, patrol);
  arm();
  return toDisposable(() => {
    clearInterval(timer);
    watcher?.close();
    watcher = undefined;
  });
}

/** Undefined when there is no such folder, or the machine has no watches left. */
function watchFolder(folder: string, entry: string, changed: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, (_, name) => {
      if (name === null || name === entry) changed();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
