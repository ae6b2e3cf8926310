import type { CityFiles, FolderEntry } from "./city-files.ts";
import { memoryFiles } from "./memory-files.ts";

/** Files over which texts are laid, by their absolute paths: what is in an editor and not saved yet. */
export function overlaidFiles(files: CityFiles, texts: ReadonlyMap<string, string>): CityFiles {
  if (texts.size === 0) return files;
  const above = memoryFiles(Object.fromEntries(texts));
  return {
    readText: (path) => above.readText(path) ?? files.readText(path),
    listFolder(path) {
      const added = above.listFolder(path);
      const entries = files.listFolder(path);
      return added && entries ? merged(entries, added) : (added ?? entries);
    },
  };
}

function merged(entries: readonly FolderEntry[], added: readonly FolderEntry[]): readonly FolderEntry[] {
  const names = new Set(entries.map(({ name }) => name));
  return [...entries, ...added.filter(({ name }) => !names.has(name))];
}
