import { forEachAgent } from "./for-each-agent.ts";
import type { AgentCommand } from "./command.ts";

/** Starts an agent now, whatever kept it from running. */
export const startAgent: AgentCommand = {
  kind: "agent",
  id: "gascity.startAgent",
  title: "Start Agent",
  phases: ["stopped", "waiting", "failed", "exited"],
  run: (agents, runtime) => forEachAgent(agents, ({ session }) => runtime.startAgent(session)),
};
