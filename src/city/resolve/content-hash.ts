import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { CityFiles } from "../files/city-files.ts";
import type { SessionConfig } from "../session-config.ts";
import { byBytes } from "../../lib/by-bytes.ts";

/** Files as bytes. */
export interface ContentReader extends Pick<CityFiles, "listFolder"> {
  /** Undefined when there is no file that can be read. */
  readBytes(path: string): Uint8Array | undefined;
}

/**
 * sha256 of a file's content in hexadecimal, or of a folder's: the path and the content of all files below it, as gc's
 * HashPathContent (gascity-spec §2.6). Undefined when it or anything in it cannot be read.
 */
export function contentHash(path: string, reader: ContentReader): string | undefined {
  const hash = createHash("sha256");
  const content = reader.readBytes(path);
  if (content) return hash.update(content).digest("hex");
  const files = filesBelow(path, "", reader);
  for (const file of files ?? []) {
    const part = reader.readBytes(posix.join(path, file));
    if (!part) return undefined;
    hash.update(file).update("\0").update(part).update("\0");
  }
  return files && hash.digest("hex");
}

/** The paths of all files below a folder, relative to it, by their bytes; undefined when a folder cannot be listed. */
function filesBelow(
  root: string,
  folder: string,
  reader: Pick<CityFiles, "listFolder">,
): readonly string[] | undefined {
  const found: string[] = [];
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const entries = reader.listFolder(posix.join(root, next));
    if (!entries) return undefined;
    for (const { name, kind, isLink } of entries) {
      // A link to a folder may lead in circles.
      if (kind === "file") found.push(posix.join(next, name));
      else if (!isLink) open.push(posix.join(next, name));
    }
  }
  return found.sort(byBytes);
}

/** The configuration with the hashes of the files that were found: only then are its fingerprints gc's. */
export function withContentHashes(config: SessionConfig, reader: ContentReader): SessionConfig {
  const copyFiles = config.copyFiles.map((file) => {
    const hash = file.probed ? contentHash(file.src, reader) : undefined;
    return hash === undefined ? file : Object.assign({}, file, { contentHash: hash });
  });
  return { ...config, copyFiles };
}
