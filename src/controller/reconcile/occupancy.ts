import type { CityAgent } from "../../city/city.ts";
import type { CityPlan, World } from "./world.ts";

type Limits = Pick<CityPlan, "maxSessions" | "maxOfRig">;

/** Which sessions are there, counted by agent, rig and city: also those that come up, end, or have an action under way. */
export class Occupancy {
  readonly #city: Limits;
  readonly #present = new Set<string>();
  readonly #counts = new Map<string, number>();

  constructor({
    city,
    records,
    observed,
    busy,
  }: Pick<World, "records" | "observed" | "busy"> & { readonly city: Limits & Pick<CityPlan, "agents"> }) {
    this.#city = city;
    const agents = new Map(city.agents.map((agent) => [agent.name, agent]));
    for (const { session, template } of records) {
      const state = observed.sessions.get(session)?.state;
      const gone = state === undefined || state === "exited" || state === "failed";
      const agent = agents.get(template);
      if (agent && (!gone || busy.has(session))) this.#add(session, agent);
    }
  }

  /** Takes the place for one more, unless a limit is reached. One that is there already has its place. */
  take(session: string, agent: CityAgent): boolean {
    if (this.obstacle(session, agent) !== undefined) return false;
    this.#add(session, agent);
    return true;
  }

  /** The limit that leaves no place for one more, for a person; undefined when there is a place. */
  obstacle(session: string, agent: CityAgent): string | undefined {
    if (this.#present.has(session)) return undefined;
    const full = limitsOf(agent, this.#city).find(([key, limit]) => (this.#counts.get(key) ?? 0) >= limit);
    return full && `max_active_sessions of ${full[0]} is reached (${full[1]})`;
  }

  #add(session: string, agent: CityAgent): void {
    if (this.#present.has(session)) return;
    this.#present.add(session);
    for (const [key] of limitsOf(agent, this.#city)) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }
}

/** The limits that a session of the agent counts against: the agent's, its rig's and the city's. */
export function limitsOf({ name, rig, max }: CityAgent, city: Limits): readonly (readonly [string, number])[] {
  return [
    [`the agent ${name}`, max],
    ...(rig === "" ? [] : [[`the rig ${rig}`, city.maxOfRig.get(rig) ?? Infinity] as const]),
    ["the city", city.maxSessions],
  ];
}
