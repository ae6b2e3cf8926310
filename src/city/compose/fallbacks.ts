import { agentName, type ComposedAgent } from "./composed-city.ts";

/**
 * Drops fallback agents whose name another source takes: a real agent always, else the fallback that came first. Two
 * real agents stay, for others to complain about (gascity-spec §1.7, `fallback`).
 */
export function withoutFallbacks(agents: readonly ComposedAgent[]): readonly ComposedAgent[] {
  if (!agents.some(({ table }) => table.fallback)) return agents;
  const keep = new Set<ComposedAgent>();
  for (const sameName of Map.groupBy(agents, agentName).values()) {
    for (const agent of survivors(sameName)) keep.add(agent);
  }
  return agents.filter((agent) => keep.has(agent));
}

function survivors(sameName: readonly ComposedAgent[]): readonly ComposedAgent[] {
  if (new Set(sameName.map(({ sourceDir }) => sourceDir)).size < 2) return sameName;
  const real = sameName.filter(({ table }) => !table.fallback);
  return real.length > 0 ? real : sameName.slice(0, 1);
}
