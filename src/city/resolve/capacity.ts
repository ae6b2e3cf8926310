import type { AgentTable } from "../schema/agent.ts";
import type { ResolvableCity } from "./resolvable-city.ts";
import { rigOf } from "./rig-of.ts";

/** How many sessions an agent may and shall have (gascity-spec §1.7, [[agent]]). */
export interface Capacity {
  /** Sessions that always run. */
  readonly min: number;
  /** Infinity without a limit. */
  readonly max: number;
  /** Whether anything in the agent's table speaks of numbers: it is a pool then. */
  readonly pool: boolean;
}

/** The agent's own limits; the rig's and the city's are for all their sessions together. */
export function capacityOf(agent: AgentTable): Capacity {
  const { min_active_sessions: min, max_active_sessions: max, scale_check: check, drain_timeout: drain } = agent;
  return {
    min: Math.max(0, min ?? 0),
    max: max === undefined || max < 0 ? Infinity : max,
    pool: min !== undefined || max !== undefined || Boolean(check) || Boolean(drain),
  };
}

/** The limit that gc shows for an agent: its own, else its rig's, else the city's; undefined for none. */
export function shownLimit(agent: AgentTable, { config }: Pick<ResolvableCity, "config">): number | undefined {
  const rig = rigOf(agent, config);
  return agent.max_active_sessions ?? rig?.max_active_sessions ?? config.workspace?.max_active_sessions;
}

/** Whether sessions of the agent are told apart by a slot or a name of the pool's (gascity-spec §2.1). */
export function hasInstances(agent: AgentTable, namepool: readonly string[]): boolean {
  return Boolean(agent.namepool) || namepool.length > 0 || capacityOf(agent).max > 1;
}
