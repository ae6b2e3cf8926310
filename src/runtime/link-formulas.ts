import { mkdir, readdir, readlink, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { FormulaFolder } from "../city/session-config.ts";
import type { Log } from "../lib/log.ts";
import { problemOf } from "../lib/problem.ts";

/**
 * Links formulas into `.beads/formulas` of their folders, where bd looks for them (gascity-spec §3.3). As gc does, it
 * leaves files alone that are there and takes away links to what is no formula any more. A folder that does not exist has
 * none. What fails is told to the log.
 */
export async function linkFormulas(folders: readonly FormulaFolder[], log: Log): Promise<void> {
  for (const folder of folders) {
    await link(folder).catch((error: unknown) =>
      log.warn(`the formulas of ${folder.folder} could not be linked: ${problemOf(error).reason}`),
    );
  }
}

async function link({ folder, formulas }: FormulaFolder): Promise<void> {
  const place = join(folder, ".beads", "formulas");
  if (!(await exists(formulas.size > 0 ? folder : place))) return;
  await mkdir(place, { recursive: true });
  const entries = new Map((await readdir(place, { withFileTypes: true })).map((entry) => [entry.name, entry]));
  for (const [name, entry] of entries) {
    if (entry.isSymbolicLink() && name.endsWith(".toml") && !formulas.has(name)) await rm(join(place, name));
  }
  for (const [name, source] of formulas) {
    const [path, entry] = [join(place, name), entries.get(name)];
    if (entry && (!entry.isSymbolicLink() || (await readlink(path)) === source)) continue;
    await rm(path, { force: true });
    await symlink(source, path);
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
