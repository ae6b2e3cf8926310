import type { ProblemCode } from "../../lib/problem.ts";
import type { AgentState, CityState } from "../../runtime/city-state.ts";
import type { Situation } from "../situation.ts";
import { controlSentence } from "../status/control-text.ts";

/**
 * The values of the context key `gascity.view`: what the agents' view shows. All but `ok` (rows, or a message alone) have
 * a welcome text.
 */
export const viewKinds = [
  "noFolder",
  "untrusted",
  "noCity",
  "loading",
  "invalid",
  "noCluster",
  "noImage",
  "noTmux",
  "stopped",
  "noAgents",
  "ok",
] as const;

export type ViewKind = (typeof viewKinds)[number];

/** Problems with a welcome text of their own. The others need the words of the moment: a message says those. */
const welcomes: Readonly<Partial<Record<ProblemCode, ViewKind>>> = {
  "cluster-unconfigured": "noCluster",
  "no-image": "noImage",
  "tmux-missing": "noTmux",
};

/** Whether a session of this agent exists, in whatever shape. */
export function isAlive(agent: AgentState): boolean {
  return agent.phase !== "stopped" && agent.phase !== "waiting" && agent.phase !== "quarantined";
}

/**
 * The rows of the tree. None while the city is stopped and no session exists, so that the welcome text with the next step
 * takes their place; but a message keeps welcome texts away, and so comes with rows.
 */
export function visibleAgents(state: CityState): readonly AgentState[] {
  const busy = state.phase === "running" || state.phase === "stopping";
  if (busy || state.agents.some(isAlive)) return state.agents;
  return state.problem && !welcomes[state.problem.code] ? state.agents : [];
}

/** What the agents' view shows in a situation. */
export function viewOf(situation: Situation): ViewKind {
  if (situation.kind !== "city") return situation.kind;
  const { state } = situation;
  if (visibleAgents(state).length > 0) return "ok";
  if (state.phase === "invalid") return "invalid";
  if (state.problem) return welcomes[state.problem.code] ?? "ok";
  if (state.phase === "loading") return "loading";
  return state.agents.length === 0 ? "noAgents" : "stopped";
}

/** The line above the rows: what the person should know besides them; undefined when all is well. */
export function messageOf(state: CityState): string | undefined {
  const rows = visibleAgents(state).length > 0;
  const { problem } = state;
  if (problem && (rows || !welcomes[problem.code])) return `${problem.reason}. ${problem.action}.`;
  if (!rows) return undefined;
  const control = controlSentence(state);
  if (control !== undefined) return control;
  const errors = state.diagnostics.filter(({ severity }) => severity === "error").length;
  if (errors > 0) {
    return `city.toml has ${errors === 1 ? "an error" : `${errors} errors`}. The last good version stays in force.`;
  }
  if (state.phase === "stopped") return "The city is not started: nothing restarts these agents if they end.";
  return undefined;
}

/** The text beside the view's title: which city this is, and where it runs. */
export function captionOf({ name, provider }: CityState): string {
  return provider ? `${name} · ${provider}` : name;
}
