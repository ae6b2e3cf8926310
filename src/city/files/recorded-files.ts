import type { CityFiles } from "./city-files.ts";

/** Files that remember which of them were asked for. */
export interface RecordedFiles extends CityFiles {
  /** The paths of the files whose text was asked for, whether they exist or not. */
  readonly read: ReadonlySet<string>;
}

/** The same files, remembering from now on. */
export function recordedFiles(files: CityFiles): RecordedFiles {
  const read = new Set<string>();
  return {
    read,
    readText(path) {
      read.add(path);
      return files.readText(path);
    },
    listFolder: (path) => files.listFolder(path),
  };
}
