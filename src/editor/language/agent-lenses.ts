import type { AgentPhase, AgentState } from "../../runtime/city-state.ts";
import { attach } from "../commands/attach.ts";
import type { AgentCommand } from "../commands/command.ts";
import { peek } from "../commands/peek.ts";
import { startAgent } from "../commands/start-agent.ts";
import { wakeAgent } from "../commands/wake-agent.ts";
import { stopAgent } from "../commands/stop-agent.ts";

/** A word above an agent's table, and what a click on it does. */
export interface AgentLens {
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

/** What names the sessions of agents where a command is called. */
export interface AgentsArgument {
  /** The agents' qualified names. */
  readonly agents: readonly string[];
}

const icons: Readonly<Record<AgentPhase, string>> = {
  running: "circle-filled",
  starting: "sync~spin",
  draining: "sign-out",
  quarantined: "shield",
  waiting: "history",
  failed: "error",
  exited: "circle-slash",
  stopping: "sync~spin",
  stopped: "circle-outline",
};

/** The worst first: what a person wants to know of many. */
const phases: readonly AgentPhase[] = [
  "failed",
  "quarantined",
  "exited",
  "waiting",
  "starting",
  "draining",
  "stopping",
  "running",
  "stopped",
];

const verbs: readonly (readonly [word: string, command: AgentCommand])[] = [
  ["Start", startAgent],
  ["Wake Now", wakeAgent],
  ["Stop", stopAgent],
  ["Attach", attach],
  ["Peek", peek],
];

/**
 * The lenses of the agents that a table makes, given by their qualified names: their state, and what can be done in it.
 * None for agents that the running city does not know.
 */
export function agentLenses(names: readonly string[], states: readonly AgentState[]): readonly AgentLens[] {
  const own = states.filter(({ template }) => names.includes(template));
  if (own.length === 0) return [];
  const argument: AgentsArgument = { agents: names };
  const state = { title: stateText(own), command: "gascity.agents.focus", arguments: [] };
  const offered = verbs.filter(([, command]) => own.some(({ phase }) => command.phases.includes(phase)));
  return [state, ...offered.map(([title, { id }]) => ({ title, command: id, arguments: [argument] }))];
}

function stateText(own: readonly AgentState[]): string {
  const counts = phases.flatMap((phase) => {
    const count = own.filter((agent) => agent.phase === phase).length;
    return count > 0 ? [{ phase, count }] : [];
  });
  const [worst] = counts;
  const icon = `$(${icons[worst?.phase ?? "stopped"]})`;
  if (own.length === 1) return `${icon} ${worst?.phase ?? ""}`;
  return `${icon} ${counts.map(({ phase, count }) => `${count} ${phase}`).join(", ")}`;
}
