import type { CityAgent } from "../city/city.ts";
import type { SessionRecord } from "./reconcile/session-record.ts";

/**
 * Sessions in the order in which a city ends them: each wave may end at once, and ends before what its agents depend on
 * (gascity-spec §3.10). Sessions that no agent of the city claims go first.
 */
export function stopWaves(
  sessions: readonly string[],
  records: readonly Pick<SessionRecord, "session" | "template">[],
  agents: readonly Pick<CityAgent, "name" | "dependsOn">[],
): readonly (readonly string[])[] {
  const templates = new Map(records.map(({ session, template }) => [session, template]));
  const depths = depthsOf(agents);
  const byDepth = Map.groupBy(sessions, (name) => depths.get(templates.get(name) ?? "") ?? Infinity);
  return [...byDepth].toSorted(([a], [b]) => (a > b ? -1 : 1)).map(([, wave]) => wave);
}

/** How many agents stand below each one. A circle, which the city's checks refuse, is cut where it closes. */
function depthsOf(agents: readonly Pick<CityAgent, "name" | "dependsOn">[]): ReadonlyMap<string, number> {
  const byName = new Map(agents.map((agent) => [agent.name, agent]));
  const depths = new Map<string, number>();
  const depthOf = (name: string, above: ReadonlySet<string>): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const below = (byName.get(name)?.dependsOn ?? []).filter((other) => byName.has(other) && !above.has(other));
    const depth = Math.max(0, ...below.map((other) => depthOf(other, new Set([...above, name])) + 1));
    depths.set(name, depth);
    return depth;
  };
  for (const { name } of agents) depthOf(name, new Set());
  return depths;
}
