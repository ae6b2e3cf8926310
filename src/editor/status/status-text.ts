import type { ProblemCode } from "../../lib/problem.ts";
import type { AgentPhase, CityState } from "../../runtime/city-state.ts";
import { isAlive } from "../tree/view.ts";
import { controlSentence, controlText } from "./control-text.ts";

/** What the status bar says of a city; `tooltip` in full sentences. */
export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly warning: boolean;
}

const problemWords: Readonly<Partial<Record<ProblemCode, string>>> = {
  "no-image": "no image",
  "cluster-unconfigured": "no cluster",
  "cluster-unreachable": "cluster unreachable",
  "cluster-forbidden": "access denied",
  "cluster-unauthorized": "not signed in",
  "namespace-missing": "no namespace",
  "tmux-missing": "no tmux",
};

function count(state: CityState, ...phases: readonly AgentPhase[]): number {
  return state.agents.filter(({ phase }) => phases.includes(phase)).length;
}

/** The status bar's text for a city. Counts agents that should run or do run. */
export function statusText(state: CityState): StatusText {
  const say = (icon: string, words: string, tooltip: string, warning = false) => ({
    text: `$(${icon}) Gas City: ${words}`,
    tooltip: `${state.name}: ${tooltip}`,
    warning,
  });
  if (state.problem) {
    const { code, reason, action } = state.problem;
    return say("warning", problemWords[code] ?? "problem", `${reason}. ${action}.`, true);
  }
  if (state.phase === "invalid") return say("warning", "city.toml has errors", "city.toml could not be loaded.", true);
  if (state.phase === "loading") return say("sync~spin", "loading", "looking for the city's agents.");
  const running = count(state, "running", "draining");
  const total = state.agents.length - count(state, "stopped");
  if (state.phase === "stopping") {
    const left = state.agents.filter(isAlive).length;
    return say("sync~spin", `stopping, ${left} left`, "the city's agents are stopping.");
  }
  if (state.phase === "stopped" && total === 0) return say("circle-outline", "stopped", "the city is stopped.");
  const failed = count(state, "failed", "quarantined");
  const bad = failed > 0 ? `, ${failed} failed` : "";
  const control = controlText(state);
  const words = [`${running}/${total} running${bad}`, control].filter(Boolean).join(", ");
  const tooltip = [`${running} of ${total} agents running${bad}.`, controlSentence(state)].filter(Boolean).join(" ");
  const elsewhere = state.control.kind === "elsewhere";
  if (failed > 0 || (control && !elsewhere)) return say("warning", words, tooltip, true);
  if (elsewhere) return say("eye", words, tooltip);
  return say(count(state, "starting", "stopping") > 0 ? "sync~spin" : "circle-filled", words, tooltip);
}
