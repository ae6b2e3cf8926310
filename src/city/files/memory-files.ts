import { posix } from "node:path";
import type { CityFiles, FolderEntry } from "./city-files.ts";

/** Files that exist as texts only, by their absolute paths. A path that ends in "/" is a folder. */
export function memoryFiles(texts: Readonly<Record<string, string>>): CityFiles {
  const files = new Map<string, string>();
  const folders = new Map<string, Map<string, FolderEntry>>();
  const addEntry = (path: string, kind: FolderEntry["kind"]): void => {
    const folder = posix.dirname(path);
    if (folder === path) return;
    const entries = folders.get(folder) ?? new Map<string, FolderEntry>();
    folders.set(folder, entries.set(posix.basename(path), { name: posix.basename(path), kind }));
    addEntry(folder, "folder");
  };
  for (const [path, text] of Object.entries(texts)) {
    const clean = posix.resolve(path);
    if (path.endsWith("/")) folders.set(clean, folders.get(clean) ?? new Map());
    else files.set(clean, text);
    addEntry(clean, path.endsWith("/") ? "folder" : "file");
  }
  return {
    readText: (path) => files.get(path),
    listFolder(path) {
      const entries = folders.get(path);
      return entries && [...entries.values()];
    },
  };
}
