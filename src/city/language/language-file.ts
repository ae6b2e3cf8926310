import { posix } from "node:path";
import type { FileKind } from "../compose/check-file.ts";
import { scanToml } from "../text/scan/scan-toml.ts";
import type { ScannedToml } from "../text/scan/scanned-toml.ts";

/** One of a city's files as it is now, saved or not. */
export class LanguageFile {
  /** Absolute. */
  readonly path: string;
  /** `city` is a fragment's, too. */
  readonly kind: FileKind;
  readonly text: string;
  #toml: ScannedToml | undefined;

  constructor(path: string, kind: FileKind, text: string) {
    this.path = path;
    this.kind = kind;
    this.text = text;
  }

  /** Scanned when it is first asked for: diagnostics do without. */
  get toml(): ScannedToml {
    return (this.#toml ??= scanToml(this.text));
  }
}

/** Absolute path of the folder that a file's agents belong to: its pack's, or the city's in `root`. */
export function ownerOf({ path, kind }: Pick<LanguageFile, "path" | "kind">, root: string): string {
  switch (kind) {
    case "city":
    case "kubernetes":
      return root;
    case "pack":
      return posix.dirname(path);
    case "agent":
      return posix.resolve(path, "../../..");
  }
}
