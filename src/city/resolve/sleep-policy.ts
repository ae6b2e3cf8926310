import type { AgentTable } from "../schema/agent.ts";
import type { ResolvableCity } from "./resolvable-city.ts";
import { rigOf } from "./rig-of.ts";

/** When a session of an agent goes to sleep (gascity-spec §1.7, [session_sleep]). */
export interface SleepPolicy {
  readonly class: "interactive_resume" | "interactive_fresh" | "noninteractive";
  /** A duration or "off", as written. */
  readonly value: string;
  readonly source: "agent" | "rig_default" | "workspace_default" | "legacy_off";
}

/** The agent's own word, else its rig's, else the city's for sessions of its class. */
export function sleepPolicy(agent: AgentTable, { config }: Pick<ResolvableCity, "config">): SleepPolicy {
  const kind =
    agent.attach === false
      ? "noninteractive"
      : agent.wake_mode === "fresh"
        ? "interactive_fresh"
        : "interactive_resume";
  if (agent.sleep_after_idle) return { class: kind, value: agent.sleep_after_idle, source: "agent" };
  const rig = rigOf(agent, config);
  const ofRig = rig?.session_sleep?.[kind];
  if (ofRig) return { class: kind, value: ofRig, source: "rig_default" };
  const ofCity = config.session_sleep?.[kind];
  return ofCity
    ? { class: kind, value: ofCity, source: "workspace_default" }
    : { class: kind, value: "off", source: "legacy_off" };
}
