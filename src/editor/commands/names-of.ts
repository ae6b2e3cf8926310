import type { AgentState } from "../../runtime/city-state.ts";

/** One agent by name, several by number, for a sentence. */
export function namesOf(agents: readonly AgentState[]): string {
  const [only] = agents;
  return only && agents.length === 1 ? only.agent : `${agents.length} agents`;
}
