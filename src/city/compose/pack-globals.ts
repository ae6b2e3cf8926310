import type { CityDraft } from "./city-draft.ts";
import type { ComposedAgent } from "./composed-city.ts";
import type { Composition } from "./composition.ts";
import { joinLists } from "./join-lists.ts";

/** Appends [global] session_live: of the city's packs to all agents, of a rig's to those of the rig (gascity-spec §1.2). */
export function withPackGlobals(draft: CityDraft, { provenance }: Composition): CityDraft {
  const ofCity = draft.cityFolders.globals;
  const agents = draft.agents.map((agent): ComposedAgent => {
    const { table } = agent;
    const globals = [...ofCity, ...(draft.rigFolders.get(table.dir ?? "")?.globals ?? [])];
    const [first] = globals;
    if (!first) return agent;
    const own = { list: table.session_live ?? [], origin: provenance.ofKey(table, "session_live") };
    const added = globals.map(({ session_live, origin }) => ({ list: session_live, origin }));
    const changed = { ...table, session_live: joinLists([own, ...added], provenance) };
    provenance.copy(table, changed);
    if (!table.session_live?.length) provenance.set(changed, "session_live", first.origin);
    return { ...agent, table: changed };
  });
  return { ...draft, agents };
}
