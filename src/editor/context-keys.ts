import type { ControlState } from "../controller/control/control-state.ts";
import type { CityPhase } from "../runtime/city-state.ts";
import { type Situation, stateOf } from "./situation.ts";
import { isAlive, viewOf } from "./tree/view.ts";

/** The values of the context key `gascity.city`; unset while there is no city. */
export const cityPhases: readonly CityPhase[] = ["loading", "invalid", "stopped", "running", "stopping"];

/** The values of the context key `gascity.control`; unset while there is no city. */
export const controlKinds: readonly ControlState["kind"][] = ["free", "taking", "controlling", "elsewhere", "lost"];

/** The context keys that the manifest's when-clauses may ask, with their values in a situation. */
export function contextKeys(situation: Situation): Readonly<Record<ContextKey, string | boolean | undefined>> {
  const state = stateOf(situation);
  return {
    "gascity.view": viewOf(situation),
    "gascity.city": state?.phase,
    "gascity.control": state?.control.kind,
    "gascity.alive": state?.agents.some(isAlive),
  };
}

export type ContextKey = "gascity.view" | "gascity.city" | "gascity.control" | "gascity.alive";
