import type { CityFiles, FolderEntry } from "./city-files.ts";

/** Files as they were when they were first looked at. Someone else has to know when they changed. */
export class RememberedFiles implements CityFiles {
  readonly #files: CityFiles;
  readonly #texts = new Map<string, string | undefined>();
  readonly #folders = new Map<string, readonly FolderEntry[] | undefined>();

  constructor(files: CityFiles) {
    this.#files = files;
  }

  readText(path: string): string | undefined {
    if (!this.#texts.has(path)) this.#texts.set(path, this.#files.readText(path));
    return this.#texts.get(path);
  }

  listFolder(path: string): readonly FolderEntry[] | undefined {
    if (!this.#folders.has(path)) this.#folders.set(path, this.#files.listFolder(path));
    return this.#folders.get(path);
  }

  /** Looks at everything anew from now on. */
  forget(): void {
    this.#texts.clear();
    this.#folders.clear();
  }
}
