import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pid } from "node:process";

/** Writes a file, in a folder that is made if need be. A crash of this process leaves the old or the new one, never half of it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const fresh = `${path}.${pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(fresh, text);
  await rename(fresh, path);
}
