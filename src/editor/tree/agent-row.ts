import type { AgentPhase, AgentState } from "../../runtime/city-state.ts";
import { shortAge, spokenAge, timeLeft } from "./age.ts";

/** How one agent looks in the tree. Icon and colour are ids of the editor's own. */
export interface AgentRow {
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly color: string;
  /** What a screen reader says for the row. */
  readonly spoken: string;
}

const icons: Readonly<Record<AgentPhase, { readonly icon: string; readonly color: string }>> = {
  running: { icon: "circle-filled", color: "charts.green" },
  starting: { icon: "sync~spin", color: "charts.blue" },
  draining: { icon: "sign-out", color: "charts.yellow" },
  quarantined: { icon: "shield", color: "problemsWarningIcon.foreground" },
  waiting: { icon: "history", color: "charts.yellow" },
  failed: { icon: "error", color: "problemsErrorIcon.foreground" },
  exited: { icon: "circle-slash", color: "charts.yellow" },
  stopping: { icon: "sync~spin", color: "disabledForeground" },
  stopped: { icon: "circle-outline", color: "disabledForeground" },
};

/** The row of an agent at the time `now` (milliseconds since the epoch). */
export function agentRow(agent: AgentState, now: number): AgentRow {
  const age = agent.since === undefined ? undefined : now - agent.since;
  const left = agent.until === undefined || agent.until <= now ? undefined : agent.until - now;
  const description = [
    left === undefined ? agent.phase : `${agent.phase}, ${countdown(agent, left)}`,
    agent.reason,
    age === undefined ? "" : shortAge(age),
  ];
  const spoken = [
    agent.agent,
    age === undefined ? agent.phase : `${agent.phase} for ${spokenAge(age)}`,
    left === undefined ? "" : countdown(agent, left),
    agent.reason,
    agent.action,
  ];
  return {
    label: agent.agent,
    description: description.filter(Boolean).join(" · "),
    ...icons[agent.phase],
    spoken: spoken.filter(Boolean).join(", "),
  };
}

function countdown({ phase }: AgentState, left: number): string {
  return phase === "waiting" ? `retry within ${timeLeft(left)}` : `${timeLeft(left)} left`;
}
