import type { ComposedCity } from "../../city/compose/compose-city.ts";
import { agentName } from "../../city/compose/composed-city.ts";

/** An agent that the city's files define, or a pack of theirs. */
export interface ConfiguredAgent {
  /** Its qualified name. */
  readonly name: string;
  readonly suspended: boolean;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** The agents of a city but for those that nobody wrote, in its order. */
export function configuredAgents(city: ComposedCity): readonly ConfiguredAgent[] {
  return city.agents.flatMap((agent) => {
    if (agent.implicit) return [];
    const { suspended = false, min_active_sessions: min, max_active_sessions: max } = agent.table;
    return { name: agentName(agent), suspended, min, max };
  });
}
