import { forEachAgent } from "./for-each-agent.ts";
import type { AgentCommand } from "./command.ts";

/** Ends an agent's quarantine and starts it, its deaths forgotten. */
export const wakeAgent: AgentCommand = {
  kind: "agent",
  id: "gascity.wakeAgent",
  title: "Wake Now",
  phases: ["quarantined"],
  run: (agents, runtime) => forEachAgent(agents, ({ session }) => runtime.startAgent(session)),
};
