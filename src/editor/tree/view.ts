import type { ProblemCode } from "../../lib/problem.ts";
import type { AgentState, CityState } from "../../runtime/city-state.ts";
import type { Situation } from "../situation.ts";

/** The values of the context key `gascity.view`: what the agents' view shows. All but `ok` have a welcome text. */
export const viewKinds = [
  "noFolder",
  "untrusted",
  "noCity",
  "loading",
  "invalid",
  "noCluster",
  "noImage",
  "noTmux",
  "problem",
  "stopped",
  "noAgents",
  "ok",
] as const;

export type ViewKind = (typeof viewKinds)[number];

const kindOfProblem: Readonly<Partial<Record<ProblemCode, ViewKind>>> = {
  "cluster-unconfigured": "noCluster",
  "cluster-unreachable": "noCluster",
  "cluster-forbidden": "noCluster",
  "cluster-unauthorized": "noCluster",
  "namespace-missing": "noCluster",
  "no-image": "noImage",
  "tmux-missing": "noTmux",
};

/** Whether a session of this agent exists, in whatever shape. */
export function isAlive(agent: AgentState): boolean {
  return agent.phase !== "stopped" && agent.phase !== "waiting";
}

/**
 * The rows of the tree. None while no session exists and nothing can start one (the city is stopped, or something keeps
 * all of it from working), so that the welcome text with the next step takes their place.
 */
export function visibleAgents(state: CityState): readonly AgentState[] {
  if (state.agents.some(isAlive)) return state.agents;
  const busy = state.phase === "running" || state.phase === "stopping";
  return busy && !state.problem ? state.agents : [];
}

/** What the agents' view shows in a situation. */
export function viewOf(situation: Situation): ViewKind {
  if (situation.kind !== "city") return situation.kind;
  const { state } = situation;
  if (visibleAgents(state).length > 0) return "ok";
  if (state.phase === "invalid") return "invalid";
  if (state.problem) return kindOfProblem[state.problem.code] ?? "problem";
  if (state.phase === "loading") return "loading";
  return state.agents.length === 0 ? "noAgents" : "stopped";
}

/** The line above the rows: what the person should know though there are rows; undefined when all is well. */
export function messageOf(state: CityState): string | undefined {
  if (visibleAgents(state).length === 0) return undefined;
  if (state.problem) return `${state.problem.reason}. ${state.problem.action}.`;
  const errors = state.diagnostics.filter(({ severity }) => severity === "error").length;
  if (errors > 0) {
    return `city.toml has ${errors === 1 ? "an error" : `${errors} errors`}. The last good version stays in force.`;
  }
  if (state.phase === "stopped") return "The city is not started: nothing restarts these agents if they end.";
  return undefined;
}

/** The text beside the view's title: which city this is, or what is wrong with it when there are no rows to say so. */
export function captionOf(state: CityState): string {
  if (state.problem && visibleAgents(state).length === 0) return state.problem.reason;
  return state.provider ? `${state.name} · ${state.provider}` : state.name;
}
