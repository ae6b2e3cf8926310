import type { Stats } from "node:fs";
import { type FileHandle, lstat, open, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Header, type Pack, pack } from "tar-stream";

/** What of a folder becomes an archive. */
interface Packing {
  readonly archive: Pack;
  readonly folder: string;
  readonly leaveOut: (path: string) => boolean;
  readonly rename: (name: string) => string;
}

type EntryHeader = Pick<Header, "name" | "mode" | "mtime"> & Partial<Header>;

// Read at once, so that a file that is being written has the length that its header says. In bytes.
const small = 1024 * 1024;

/**
 * A tar archive of a folder's content, or of the `entries` of it, as a stream. Entries belong to nobody (uid and gid 0), so
 * that they become those of whoever unpacks; links stay links; sockets, pipes and devices are left out, and what
 * vanishes meanwhile. There is no entry for the folder itself: whoever unpacks may not own the place where it goes. Fails
 * on what cannot be read, and on a large file that becomes shorter meanwhile.
 */
export async function* tarOf(
  { folder, entries }: { readonly folder: string; readonly entries?: readonly string[] },
  options: {
    /** Whether an entry, given by its path relative to the folder with / between, stays out with all below it. */
    readonly leaveOut?: (path: string) => boolean;
    /** The entry's name in the archive. */
    readonly rename?: (name: string) => string;
  } = {},
): AsyncGenerator<Uint8Array, void> {
  const { leaveOut = () => false, rename = (name) => name } = options;
  const archive = pack();
  const packing = { archive, folder, leaveOut, rename };
  addAll(packing, entries).then(
    () => archive.finalize(),
    (error: Error) => archive.destroy(error),
  );
  yield* archive as AsyncIterable<Uint8Array>;
}

async function addAll(packing: Packing, entries: readonly string[] | undefined): Promise<void> {
  if (!entries) return addListed(packing, "", await readdir(packing.folder));
  for (const name of entries) if (!packing.leaveOut(name)) await add(packing, name);
}

/** Adds what was found in a folder; it may be gone by now. */
async function addListed(packing: Packing, prefix: string, names: readonly string[]): Promise<void> {
  for (const name of names.toSorted()) {
    const path = prefix + name;
    if (packing.leaveOut(path)) continue;
    try {
      await add(packing, path);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
}

async function add(packing: Packing, name: string): Promise<void> {
  const path = join(packing.folder, name);
  const stat = await lstat(path);
  const header = headerOf(packing, name, stat);
  if (stat.isSymbolicLink()) {
    await addEntry(packing, { ...header, type: "symlink", linkname: await readlink(path) });
  } else if (stat.isDirectory()) {
    const names = await readdir(path);
    await addEntry(packing, { ...header, type: "directory" });
    await addListed(packing, `${name}/`, names);
  } else if (stat.isFile()) {
    await using file = await open(path);
    await addFile(packing, { ...header, type: "file" }, file);
  }
}

async function addFile(packing: Packing, header: EntryHeader, file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  if (size <= small) return addEntry(packing, header, await file.readFile());
  await pipeline(contentOf(file, size, header.name), packing.archive.entry({ ...header, size }));
}

/** The bytes of a file that had `size` of them when it was opened. */
async function* contentOf(file: FileHandle, size: number, name: string): AsyncGenerator<Uint8Array, void> {
  let length = 0;
  for await (const chunk of file.createReadStream({ start: 0, end: size - 1, autoClose: false })) {
    length += (chunk as Uint8Array).length;
    yield chunk as Uint8Array;
  }
  if (length < size) throw new Error(`${name} became shorter while it was packed`);
}

function addEntry({ archive }: Packing, header: EntryHeader, content?: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const added = (error?: Error | null): void => (error ? reject(error) : resolve());
  if (content) archive.entry(header, content, added);
  else archive.entry(header, added);
  return promise;
}

function headerOf({ rename }: Packing, name: string, { mode, mtime }: Stats): EntryHeader {
  return { name: rename(name), mode: mode & 0o777, mtime, uid: 0, gid: 0 };
}
