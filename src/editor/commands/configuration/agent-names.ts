import type { ComposedCity } from "../../../city/compose/compose-city.ts";
import { configuredAgents } from "../../configuration/configured-agent.ts";

/** The qualified names of a city's agents, those of packs among them. */
export function agentNames(city: ComposedCity): readonly string[] {
  return configuredAgents(city).map(({ name }) => name);
}
