import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { lockFile } from "../../src/lib/file-lock.ts";

const unusedMilliseconds = 30 * 24 * 3600 * 1000;

/** A folder in the cache, found again as long as the recipe that made it stays the same. */
export interface CacheEntry {
  /** What it is, one word; entries of the same name that nobody used for a month are removed. */
  readonly name: string;
  /** Everything the content depends on: versions and steps. */
  readonly recipe: string;
  /** Fills the empty folder `into`. What it writes must not depend on that path: the folder is moved afterwards. */
  build(into: string): Promise<void>;
}

/** The absolute path of the entry's folder, built first when it is not there. A crash leaves no half entry behind. */
export async function cachedEntry(entry: CacheEntry): Promise<string> {
  const parent = cacheFolder();
  const key = createHash("sha256").update(entry.recipe).digest("hex").slice(0, 16);
  const folder = join(parent, `${entry.name}-${key}`);
  if (await use(folder)) return folder;
  await using _lock = await lockFile(join(parent, `${entry.name}.lock`), { wait: Infinity });
  if (await use(folder)) return folder;
  // Under the lock nobody else builds: what is unfinished here was left by a crash.
  const unfinished = join(parent, `${entry.name}-unfinished`);
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await entry.build(unfinished);
  await rename(unfinished, folder);
  await use(folder);
  await removeUnused(parent, entry.name);
  return folder;
}

/** Marks the folder as used now; false when it is not there. */
async function use(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  const now = new Date();
  await utimes(folder, now, now);
  return true;
}

async function removeUnused(parent: string, entryName: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => new RegExp(`^${entryName}-[0-9a-f]{16}$`, "u").test(name));
  for (const name of names) {
    const folder = join(parent, name);
    if (Date.now() - (await stat(folder)).mtimeMs > unusedMilliseconds) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
