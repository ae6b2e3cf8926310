import type { AgentPhase, AgentState } from "../../runtime/city-state.ts";
import type { Dialogs } from "../dialogs.ts";
import { agentRow } from "../tree/agent-row.ts";
import type { AgentCommand } from "./command.ts";

/** What names an agent where a command is called: a session's name, a row of the tree, or a peek document's address. */
export function sessionOf(argument: unknown): string | undefined {
  if (typeof argument === "string") return argument;
  if (typeof argument !== "object" || argument === null) return undefined;
  if ("session" in argument && typeof argument.session === "string") return argument.session;
  if ("scheme" in argument && argument.scheme === "gascity-peek" && "query" in argument) return String(argument.query);
  return undefined;
}

/** The qualified names in a code lens's argument; undefined where a command was called elsewhere. */
export function templatesOf(argument: unknown): readonly unknown[] | undefined {
  if (typeof argument !== "object" || argument === null || !("agents" in argument)) return undefined;
  return Array.isArray(argument.agents) ? argument.agents : undefined;
}

function phaseList(phases: readonly AgentPhase[]): string {
  return new Intl.ListFormat("en", { type: "disjunction" }).format(phases);
}

/**
 * The agents that a command was called on: `argument` is what it was called on, `selection` all rows selected then. A
 * command called on one agent takes it in any phase (its provider explains what does not fit); of several it takes
 * those that fit. Called on none, as by the palette, it asks; called on an agent's table, it asks which of its sessions
 * if there are several. Empty when the person is to do nothing or dismissed it.
 */
export async function chooseAgents(
  command: AgentCommand,
  argument: unknown,
  selection: unknown,
  agents: readonly AgentState[],
  dialogs: Dialogs,
): Promise<readonly AgentState[]> {
  const templates = templatesOf(argument);
  const fitting = agents.filter(
    ({ phase, template }) => command.phases.includes(phase) && (templates?.includes(template) ?? true),
  );
  const selected = Array.isArray(selection) ? selection.map(sessionOf) : [];
  if (selected.length > 1) return fitting.filter(({ session }) => selected.includes(session));
  const session = sessionOf(argument);
  if (session !== undefined) return agents.filter((agent) => agent.session === session);
  if (fitting.length === 0) {
    dialogs.inform(`${command.title} works on an agent that is ${phaseList(command.phases)}. There is none now.`, []);
    return [];
  }
  if (templates && fitting.length === 1) return fitting;
  const choices = fitting.map((agent) => {
    const { label, description } = agentRow(agent, Date.now());
    return { label, description, value: agent };
  });
  const chosen = await dialogs.choose(command.title, choices);
  return chosen ? [chosen] : [];
}
