import { forEachAgent } from "./for-each-agent.ts";
import type { AgentCommand } from "./command.ts";

/** Stops an agent and keeps it stopped. */
export const stopAgent: AgentCommand = {
  kind: "agent",
  id: "gascity.stopAgent",
  title: "Stop Agent",
  phases: ["running", "draining", "starting", "waiting", "quarantined", "failed", "exited"],
  run: (agents, runtime) => forEachAgent(agents, ({ session }) => runtime.stopAgent(session)),
};
