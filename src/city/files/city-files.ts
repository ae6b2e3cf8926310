/** Something in a folder, by its own name. */
export interface FolderEntry {
  readonly name: string;
  /** A link is what it leads to; one that leads nowhere is no entry. */
  readonly kind: "file" | "folder";
  /** Set for a link: who walks a tree must not follow it, for it may lead in circles. */
  readonly isLink?: true;
}

/** The files that a city is read from. Paths are absolute, with "/" between names. Nothing throws. */
export interface CityFiles {
  /**
   * The text of a file, without a byte order mark; undefined when there is none that can be read. What is not UTF-8
   * comes as lone surrogates, which no text has.
   */
  readText(path: string): string | undefined;
  /** What is in a folder, in any order; undefined when it is none that can be read. */
  listFolder(path: string): readonly FolderEntry[] | undefined;
}
