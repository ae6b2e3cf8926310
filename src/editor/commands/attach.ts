import { forEachAgent } from "./for-each-agent.ts";
import type { AgentCommand } from "./command.ts";

/** Opens an agent's terminal. */
export const attach: AgentCommand = {
  kind: "agent",
  id: "gascity.attach",
  title: "Attach",
  phases: ["running", "draining"],
  run: (agents, _runtime, context) => forEachAgent(agents, context.attach),
};
