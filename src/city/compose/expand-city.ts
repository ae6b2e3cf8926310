import type { CityDraft } from "./city-draft.ts";
import { reportCollisions } from "./collisions.ts";
import type { ComposedAgent } from "./composed-city.ts";
import { type Composition, originOf } from "./composition.ts";
import { expandPacks } from "./expand-packs.ts";
import { withoutFallbacks } from "./fallbacks.ts";
import { withPackProviders } from "./pack-providers.ts";
import { packFolders } from "./pack-folders.ts";

/** Brings in what the city includes and imports (gascity-spec §1.2, step 6). */
export function expandCity(draft: CityDraft, composition: Composition): CityDraft {
  const { includes, imports } = draft;
  if (includes.length === 0 && imports.size === 0) return draft;
  const expanded = expandPacks({ rig: "", includes, imports }, composition);
  reportCollisions(expanded.agents, "the city", composition);
  const agents = withoutFallbacks([...expanded.agents, ...draft.agents]);
  reportShadows(agents, draft, composition);
  return {
    ...draft,
    agents,
    namedSessions: [...expanded.namedSessions, ...draft.namedSessions],
    services: [...draft.services, ...expanded.contents.flatMap((pack) => pack.services)],
    providers: withPackProviders(draft.providers, expanded.contents),
    cityFolders: packFolders(expanded.contents, composition.sources),
    requirements: expanded.contents.flatMap((pack) => pack.requirements),
  };
}

/** Tells of agents of the city that hide an imported one's bare name, unless the import says that this is meant. */
function reportShadows(agents: readonly ComposedAgent[], draft: CityDraft, composition: Composition): void {
  const own = agents.filter(({ table }) => !table.dir);
  const bindings = new Map(
    own.filter(({ binding }) => binding !== "").map((agent) => [agent.table.name, agent.binding]),
  );
  for (const { table, binding } of own) {
    const shadowed = bindings.get(table.name);
    if (binding !== "" || shadowed === undefined || draft.imports.get(shadowed)?.shadow === "silent") continue;
    composition.findings.push({
      severity: "warning",
      code: "shadowed",
      origin: originOf(composition, table),
      at: "key",
      message: `The city's agent "${table.name}" hides the one of the same name from the import "${shadowed}"; shadow = "silent" in [imports.${shadowed}] says that this is meant`,
    });
  }
}
