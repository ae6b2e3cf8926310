import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionConfig } from "../city/session-config.ts";
import { mergeSettings, settingsFiles } from "./merge-settings.ts";

/** A folder of this machine with what goes over a session's work dir. Disposing it removes it. */
export interface Overlay extends AsyncDisposable {
  readonly folder: string;
}

/** What an overlay folder has for one agent program alone stands below it, in a folder of the program's name. */
const ofProviders = "per-provider";

/**
 * Lays a session's overlay folders over one another: those of packs, then its own (gascity-spec §1.8). What a folder has for
 * an agent program goes to sessions of that program. Settings that the work dir has already, as `existing` reads them by
 * their relative paths, are added to. Undefined when there is no overlay. Folders that do not exist count for nothing.
 */
export async function composeOverlay(
  { packOverlayDirs = [], overlayDir, providerName = "" }: SessionConfig,
  existing: (path: string) => Promise<string | undefined>,
): Promise<Overlay | undefined> {
  const layers = (
    await Promise.all(
      [...packOverlayDirs, ...(overlayDir ? [overlayDir] : [])].map((folder) => layersOf(folder, providerName)),
    )
  ).flat();
  if (layers.length === 0) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "gascity-overlay-"));
  const overlay = { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
  try {
    for (const layer of layers) await lay(layer, folder);
    for (const path of settingsFiles) await addToExisting(folder, path, existing);
    return overlay;
  } catch (error) {
    await overlay[Symbol.asyncDispose]();
    throw error;
  }
}

interface Layer {
  readonly folder: string;
  readonly names: readonly string[];
}

async function layersOf(folder: string, provider: string): Promise<readonly Layer[]> {
  const own = join(folder, ofProviders, provider);
  const [names, ofProvider] = await Promise.all([namesIn(folder), provider ? namesIn(own) : []]);
  const layers = [
    { folder, names: names.filter((name) => name !== ofProviders) },
    { folder: own, names: ofProvider },
  ];
  return layers.filter((layer) => layer.names.length > 0);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await orMissing(readdir(folder))) ?? [];
}

async function lay({ folder, names }: Layer, over: string): Promise<void> {
  const before = await Promise.all(settingsFiles.map((path) => textOf(over, path)));
  for (const name of names) await cp(join(folder, name), join(over, name), { recursive: true, dereference: true });
  for (const [index, path] of settingsFiles.entries()) {
    const [below, above] = [before[index], await textOf(folder, path)];
    if (below !== undefined && above !== undefined) await writeFile(join(over, path), mergeSettings(below, above));
  }
}

async function addToExisting(
  folder: string,
  path: string,
  existing: (path: string) => Promise<string | undefined>,
): Promise<void> {
  const above = await textOf(folder, path);
  if (above === undefined) return;
  const below = await existing(path);
  if (below !== undefined) await writeFile(join(folder, path), mergeSettings(below, above));
}

async function textOf(folder: string, path: string): Promise<string | undefined> {
  return orMissing(readFile(join(folder, path), "utf8"));
}

async function orMissing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
