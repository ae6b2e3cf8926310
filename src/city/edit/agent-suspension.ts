import { agentKey, setAgentKey } from "./agent-keys.ts";
import type { CityTexts } from "./city-files.ts";
import { type EditOutcome, editCity } from "./edit-city.ts";

/** Keeps an agent, by its qualified name, from running. `derived` are the agents that packs bring. */
export function suspendAgent(texts: CityTexts, agent: string, derived: readonly string[] = []): EditOutcome {
  return editCity(texts, (city) => setAgentKey(city, agent, "suspended", true, derived));
}

/** Lets a suspended agent run again; does nothing when it is not suspended. */
export function resumeAgent(texts: CityTexts, agent: string, derived: readonly string[] = []): EditOutcome {
  return editCity(texts, (city) => {
    if (agentKey(city, agent, "suspended") !== undefined) setAgentKey(city, agent, "suspended", false, derived);
  });
}
