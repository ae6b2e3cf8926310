import { createHash } from "node:crypto";
import { posix } from "node:path";
import { byBytes } from "../../lib/by-bytes.ts";
import { type ContentReader, contentHash } from "./content-hash.ts";

/** What a city is made of, for its revision. */
export interface RevisionSources {
  /** Absolute path of the city's folder. */
  readonly root: string;
  /** Absolute paths of the city's own files: city.toml, pack.toml, fragments. */
  readonly files: readonly string[];
  /** Packs that are included by path, as written and where that is; the rigs' by their rig's name, first. */
  readonly includes: readonly { readonly rig: string; readonly reference: string; readonly folder: string }[];
  /** Folders of packs that are imported. */
  readonly packFolders: readonly string[];
}

/** In them gc looks for parts of a city that no file names. */
const discovered = ["agents", "commands", "doctor"] as const;

/**
 * A text that changes whenever the content of anything does that the city is made of (gascity-spec §1.5). For a city
 * without imports it is gc's own; gc 0.15 does not see changes of imported packs.
 */
export function revision(sources: RevisionSources, reader: ContentReader): string {
  const hash = createHash("sha256");
  const write = (...parts: readonly (string | Uint8Array)[]): void => {
    for (const part of parts) hash.update(part).update("\0");
  };
  for (const file of sources.files.toSorted(byBytes)) {
    const content = reader.readBytes(file);
    if (content) write(file, content);
  }
  const nothing = createHash("sha256").digest("hex");
  const contentOf = (folder: string): string => contentHash(folder, reader) ?? nothing;
  for (const { rig, reference, folder } of sources.includes) {
    write(rig === "" ? `city-pack:${reference}` : `pack:${rig}:${reference}`, contentOf(folder));
  }
  for (const folder of sources.packFolders) write(`city-packdir:${folder}`, contentOf(folder));
  for (const name of discovered) {
    const folder = posix.join(sources.root, name);
    if (reader.listFolder(folder)) write(`city-discovery:${folder}`, contentOf(folder));
  }
  return hash.digest("hex");
}
