import { isUtf8 } from "node:buffer";
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import type { CityFiles, FolderEntry } from "./city-files.ts";

/** No text that people write is larger, in bytes. */
const largestText = 16 * 1024 * 1024;

/** The files of this machine. Only regular files are read: a pipe or a device would never end. */
export const diskFiles = {
  readText(path) {
    const bytes = readFile(path, largestText);
    if (!bytes) return undefined;
    const text = bytes.toString("utf8");
    if (!isUtf8(bytes)) return text.replaceAll("\uFFFD", "\uDCFF");
    return text.startsWith("\uFEFF") ? text.slice(1) : text;
  },

  /** The content of a file; undefined when there is none that can be read. */
  readBytes: (path: string): Uint8Array | undefined => readFile(path, Number.POSITIVE_INFINITY),

  listFolder(path) {
    try {
      return readdirSync(path, { withFileTypes: true }).flatMap((entry) => folderEntry(path, entry) ?? []);
    } catch {
      return undefined;
    }
  },
} satisfies CityFiles & { readBytes: unknown };

function readFile(path: string, largest: number): Buffer | undefined {
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    return status?.isFile() && status.size <= largest ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function folderEntry(folder: string, entry: Dirent): FolderEntry | undefined {
  const { name } = entry;
  if (entry.isFile()) return { name, kind: "file" };
  if (entry.isDirectory()) return { name, kind: "folder" };
  if (!entry.isSymbolicLink()) return undefined;
  try {
    const target = statSync(posix.join(folder, name), { throwIfNoEntry: false });
    if (target?.isFile()) return { name, kind: "file", isLink: true };
    return target?.isDirectory() ? { name, kind: "folder", isLink: true } : undefined;
  } catch {
    return undefined;
  }
}
