import type { CityDraft } from "./city-draft.ts";
import type { ComposedAgent } from "./composed-city.ts";
import type { Composition } from "./composition.ts";

/** Appends [global] session_live: of the city's packs to all agents, of a rig's to those of the rig (gascity-spec §1.2). */
export function withPackGlobals(draft: CityDraft, { provenance }: Composition): CityDraft {
  const ofCity = draft.cityFolders.globals;
  const agents = draft.agents.map((agent): ComposedAgent => {
    const { table } = agent;
    const globals = [...ofCity, ...(draft.rigFolders.get(table.dir ?? "")?.globals ?? [])];
    const [first] = globals;
    if (!first) return agent;
    const commands = globals.flatMap(({ session_live }) => session_live);
    const changed = { ...table, session_live: [...(table.session_live ?? []), ...commands] };
    provenance.copy(table, changed);
    if (!table.session_live?.length) provenance.set(changed, "session_live", first.origin);
    return { ...agent, table: changed };
  });
  return { ...draft, agents };
}
