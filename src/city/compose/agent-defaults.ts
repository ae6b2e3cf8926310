import type { CityDraft } from "./city-draft.ts";
import { type Composition, keyOriginOf } from "./composition.ts";
import type { AgentDefaultsTable } from "../schema/agent-defaults.ts";
import type { CityTables } from "../schema/city-tables.ts";
import { controlDispatcher } from "./implicit-agents.ts";

/** [agent_defaults] of a file; [agents] is its old name and counts only without it (gascity-spec §1.7). */
export function defaultsOf(tables: CityTables): AgentDefaultsTable {
  return tables.agent_defaults ?? tables.agents ?? {};
}

/** Gives agents without one the default sling formula; nothing else of [agent_defaults] is applied to agents. */
export function withAgentDefaults(draft: CityDraft, composition: Composition): CityDraft {
  const { default_sling_formula } = draft.agentDefaults;
  if (!default_sling_formula) return draft;
  const origin = keyOriginOf(composition, draft.agentDefaults, "default_sling_formula");
  const agents = draft.agents.map((agent) => {
    const { table } = agent;
    if (table.default_sling_formula !== undefined || table.name === controlDispatcher) return agent;
    const changed = { ...table, default_sling_formula };
    composition.provenance.copy(table, changed);
    composition.provenance.set(changed, "default_sling_formula", origin);
    return { ...agent, table: changed };
  });
  return { ...draft, agents };
}
