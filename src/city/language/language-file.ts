import { posix } from "node:path";
import type { FileKind } from "../compose/check-file.ts";
import type { ScannedToml } from "../text/scan/scanned-toml.ts";

/** One of a city's files as it is now, saved or not. */
export interface LanguageFile {
  /** Absolute. */
  readonly path: string;
  /** `city` is a fragment's, too. */
  readonly kind: FileKind;
  readonly toml: ScannedToml;
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
