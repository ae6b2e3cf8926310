/** Something in a folder, by its own name. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder";
}

/** The files that a city is read from. Paths are absolute, with "/" between names. Nothing throws. */
export interface CityFiles {
  /** The text of a file; undefined when there is none that can be read. */
  readText(path: string): string | undefined;
  /** What is in a folder, in any order; undefined when it is none that can be read. */
  listFolder(path: string): readonly FolderEntry[] | undefined;
}
