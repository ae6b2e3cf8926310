import { agentKey, setAgentKey } from "./agent-keys.ts";
import type { CityTexts } from "./city-files.ts";
import { type EditOutcome, editCity } from "./edit-city.ts";
import { RefusedEdit } from "./edit-refusal.ts";
import { checkSessionsOf } from "./named-sessions.ts";

/** How many sessions of an agent run; what is undefined stays as it is. */
export interface PoolSize {
  readonly min?: number | undefined;
  /** -1 for no limit. */
  readonly max?: number | undefined;
}

/** Sets the pool size of an agent, by its qualified name. `derived` are the agents that packs bring. */
export function setPoolSize(
  texts: CityTexts,
  agent: string,
  { min, max }: PoolSize,
  derived: readonly string[] = [],
): EditOutcome {
  return editCity(texts, (city) => {
    const known = (key: string): number | undefined => {
      const value = agentKey(city, agent, key);
      return typeof value === "number" ? value : undefined;
    };
    checkPoolSize(min ?? known("min_active_sessions"), max ?? known("max_active_sessions"));
    if (min !== undefined) setAgentKey(city, agent, "min_active_sessions", min, derived);
    if (max !== undefined) setAgentKey(city, agent, "max_active_sessions", max, derived);
    checkSessionsOf(city, agent);
  });
}

/** Fails unless gc takes this pool size (gascity-spec §1.3). */
export function checkPoolSize(min: number | undefined, max: number | undefined): void {
  const refuse = (reason: string, action: string): never => {
    throw new RefusedEdit("invalid", reason, action);
  };
  if (min !== undefined && !(Number.isSafeInteger(min) && min >= 0)) {
    refuse(`min_active_sessions cannot be ${min}`, "Give a whole number, 0 or more");
  }
  if (max !== undefined && !(Number.isSafeInteger(max) && max >= -1)) {
    refuse(`max_active_sessions cannot be ${max}`, "Give a whole number, or -1 for no limit");
  }
  if (min !== undefined && max !== undefined && max >= 0 && min > max) {
    refuse(`min_active_sessions = ${min} is above max_active_sessions = ${max}`, "Lower the one or raise the other");
  }
}
