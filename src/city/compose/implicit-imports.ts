import { posix } from "node:path";
import type { CityDraft } from "./city-draft.ts";
import { type Composition, originOf } from "./composition.ts";
import { repositoryCacheName } from "./pack-reference.ts";
import type { ImportTable } from "../schema/imports.ts";

/** Bindings that belong to gc: a city cannot have its own of the name where gc imports them. */
const reserved: ReadonlySet<string> = new Set(["core", "registry"]);

/**
 * Adds the imports that gc's home gives every city, in implicit-import.toml, below the city's own (gascity-spec §1.2,
 * step 5). One that gc has not fetched is left out: a city here does not depend on gc's home.
 */
export function withImplicitImports(draft: CityDraft, composition: Composition): CityDraft {
  const { env, sources, provenance, findings } = composition;
  const home = env["GC_HOME"] || (env["HOME"] && posix.join(env["HOME"], ".gc"));
  if (!home) return draft;
  const file = posix.join(home, "implicit-import.toml");
  const imports = new Map(draft.imports);
  for (const [binding, { source, version, commit }] of sources.readListed(file).imports) {
    const own = draft.imports.get(binding);
    if (own && reserved.has(binding)) {
      findings.push({
        severity: "error",
        code: "duplicate",
        origin: originOf(composition, own),
        at: "key",
        message: `gc imports its own pack "${binding}" into every city: give this import another name`,
      });
    }
    const folder = commit ? posix.join(home, "cache/repos", repositoryCacheName(source, commit)) : source;
    if (own) continue;
    if (!sources.isFile(posix.join(folder, "pack.toml"))) {
      findings.push({
        severity: "warning",
        code: "not-fetched",
        origin: { file, path: [] },
        message: `gc imports the pack "${binding}" into every city, but does not have it in ${folder}; the city does without it`,
      });
      continue;
    }
    const table: ImportTable = version ? { source: folder, version } : { source: folder };
    provenance.declare(table, { file, path: ["imports", binding] });
    imports.set(binding, table);
  }
  return { ...draft, imports };
}
