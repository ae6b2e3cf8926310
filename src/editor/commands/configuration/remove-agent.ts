import { removeAgent as remove } from "../../../city/edit/remove-agent.ts";
import type { ConfigurationCommand } from "../command.ts";
import { chooseAgent } from "./choose-agent.ts";

/** Removes an agent from the city's files, after asking. */
export const removeAgent: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.removeAgent",
  title: "Remove Agent…",
  async run(city, context, argument) {
    const agent = await chooseAgent(this.title, city, context, argument);
    if (!agent) return;
    const detail = "Its named sessions, patches and overrides go with it, and the folder below agents that defines it.";
    if (!(await context.dialogs.confirm(`Remove the agent ${agent.name}?`, detail, "Remove"))) return;
    await context.configuration.change((texts) => remove(texts, agent.name));
    context.dialogs.mention(`Removed ${agent.name}`);
  },
};
