import { posix } from "node:path";
import type { PackFolders } from "./city-draft.ts";
import type { PackContents } from "./load-pack.ts";
import type { Sources } from "./sources.ts";

/** The folders that the packs of the city or of a rig bring. */
export function packFolders(contents: readonly PackContents[], sources: Sources): PackFolders {
  const all = contents.flatMap((pack) => pack.folders);
  const packs = [...new Set(all)];
  const existing = (folders: readonly string[], ...names: string[]): string[] =>
    folders
      .flatMap((folder) => names.map((name) => posix.join(folder, name)))
      .filter((folder) => sources.isFolder(folder));
  return {
    packs,
    // A pack that is reached twice has its formulas twice, as in gc: the later ones win.
    formulas: existing(all, "formulas"),
    overlays: existing(packs, "overlay"),
    scripts: existing(packs, "scripts", "assets/scripts"),
    globals: contents.flatMap((pack) => pack.globals),
  };
}
