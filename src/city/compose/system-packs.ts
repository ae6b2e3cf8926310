import { posix } from "node:path";
import type { CityDraft } from "./city-draft.ts";
import type { Composition } from "./composition.ts";
import { locatePack } from "./resolve-pack.ts";

/**
 * Includes the packs that gc itself has written below .gc/system/packs, after the city's own, unless the city reaches a
 * pack of the same name already (gascity-spec §1.2, step 4). "bd" counts only where beads are kept by it.
 */
export function withSystemPacks(draft: CityDraft, composition: Composition): CityDraft {
  const { root, sources } = composition;
  const names = ["core", "maintenance", ...(usesBd(draft, composition) ? ["bd"] : [])];
  const folders = names
    .map((name) => posix.join(root, ".gc/system/packs", name))
    .filter((folder) => sources.isFile(posix.join(folder, "pack.toml")));
  if (folders.length === 0) return draft;
  const reached = reachablePacks(draft, composition);
  const origin = { file: posix.join(root, "city.toml"), path: [] };
  const added = folders
    .filter((folder) => !reached.has(packName(folder, composition) ?? ""))
    .map((reference) => ({ reference, origin }));
  return { ...draft, includes: [...draft.includes, ...added] };
}

function usesBd(draft: CityDraft, { env }: Composition): boolean {
  const provider = (env["GC_BEADS"] || draft.tables.beads?.provider || "bd").trim();
  return provider === "bd" || /^exec:(?:.*\/)?gc-beads-bd$/u.test(provider);
}

/** The names of the packs that the city includes and imports, and those that they build on. */
function reachablePacks(draft: CityDraft, composition: Composition): ReadonlySet<string> {
  const names = new Set<string>();
  const visited = new Set<string>();
  const visit = (reference: string | undefined, from: string): void => {
    if (!reference) return;
    const folder = locatePack(reference, from, composition).path;
    if (visited.has(folder)) return;
    visited.add(folder);
    const name = packName(folder, composition);
    if (name === undefined) return;
    names.add(name);
    const tables = composition.sources.readPack(posix.join(folder, "pack.toml"));
    for (const include of tables?.pack.includes ?? []) visit(include, folder);
    for (const { source } of Object.values(tables?.imports ?? {})) visit(source, folder);
  };
  for (const { reference } of draft.includes) visit(reference, composition.root);
  for (const { source } of draft.imports.values()) visit(source, composition.root);
  return names;
}

function packName(folder: string, { sources }: Composition): string | undefined {
  const file = posix.join(folder, "pack.toml");
  return sources.isFile(file) ? sources.readPack(file)?.pack?.name : undefined;
}
