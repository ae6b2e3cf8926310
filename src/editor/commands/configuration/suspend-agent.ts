import { suspendAgent as suspend } from "../../../city/edit/agent-suspension.ts";
import type { ConfigurationCommand } from "../command.ts";
import { agentNames } from "./agent-names.ts";
import { chooseAgent } from "./choose-agent.ts";

/** Keeps an agent from running, by city.toml. */
export const suspendAgent: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.suspendAgent",
  title: "Suspend Agent",
  async run(city, context, argument) {
    const which = { what: " to suspend", fits: ({ suspended }: { suspended: boolean }) => !suspended };
    const agent = await chooseAgent(this.title, city, context, argument, which);
    if (!agent) return;
    await context.configuration.change((texts) => suspend(texts, agent.name, agentNames(city)));
    context.dialogs.mention(`Suspended ${agent.name}`);
  },
};
