import { forEachAgent } from "./for-each-agent.ts";
import type { AgentCommand } from "./command.ts";

/** Shows what an agent wrote last, without attaching to it. */
export const peek: AgentCommand = {
  kind: "agent",
  id: "gascity.peek",
  title: "Peek",
  phases: ["running", "draining", "exited"],
  run: (agents, _runtime, context) => forEachAgent(agents, context.peek),
};
