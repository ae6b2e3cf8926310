import { forEachAgent } from "./for-each-agent.ts";
import { namesOf } from "./names-of.ts";
import type { AgentCommand } from "./command.ts";

/** Sends Ctrl-C to an agent. */
export const interrupt: AgentCommand = {
  kind: "agent",
  id: "gascity.interrupt",
  title: "Interrupt",
  phases: ["running", "draining"],
  async run(agents, runtime, { dialogs }) {
    await forEachAgent(agents, ({ session }) => runtime.interrupt(session));
    dialogs.mention(`Sent Ctrl-C to ${namesOf(agents)}`);
  },
};
