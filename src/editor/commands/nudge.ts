import { forEachAgent } from "./for-each-agent.ts";
import { namesOf } from "./names-of.ts";
import type { AgentCommand } from "./command.ts";

/** Types a line into an agent's terminal and presses Enter. */
export const nudge: AgentCommand = {
  kind: "agent",
  id: "gascity.nudge",
  title: "Nudge",
  phases: ["running", "draining"],
  async run(agents, runtime, { dialogs }) {
    const names = namesOf(agents);
    const text = await dialogs.ask(`Nudge ${names}`, "Typed into the agent's terminal, followed by Enter");
    if (text === undefined || text.trim() === "") return;
    await forEachAgent(agents, ({ session }) => runtime.nudge(session, text));
    dialogs.mention(`Nudged ${names}`);
  },
};
