import type { AgentState } from "../../runtime/city-state.ts";
import { spokenAge, timeLeft } from "./age.ts";

/** What pointing at an agent's row shows, as plain text. */
export interface AgentTooltip {
  readonly title: string;
  readonly paragraphs: readonly string[];
}

/** All that is known of an agent at the time `now` (milliseconds since the epoch): why, what to do, how long, what for. */
export function agentTooltip(agent: AgentState, now: number): AgentTooltip {
  const { reason, action, cause, session, since, until } = agent;
  const latest = agent.phase === "draining" ? " at the latest" : "";
  const paragraphs = [
    sentence(reason),
    action && `→ ${sentence(action)}`,
    until === undefined || until <= now ? "" : `Until ${clock(until)}${latest} (${timeLeft(until - now)} left)`,
    cause && `${isUp(agent) ? "Runs" : "Wanted"} because ${cause}`,
    since === undefined ? "" : `Session ${session}, since ${clock(since)} (${spokenAge(now - since)})`,
    since === undefined ? `Session ${session}` : "",
  ];
  return { title: agent.agent, paragraphs: paragraphs.filter(Boolean) };
}

function isUp({ phase }: AgentState): boolean {
  return phase === "running" || phase === "starting" || phase === "draining";
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function clock(time: number): string {
  return new Date(time).toLocaleString();
}
