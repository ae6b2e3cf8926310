import { agentNameProblem } from "../../../city/schema/names.ts";
import type { ConfigurationCommand } from "../command.ts";
import { chooseAgent } from "./choose-agent.ts";

/** Gives an agent another name in all of the city's files. */
export const renameAgent: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.renameAgent",
  title: "Rename Agent…",
  async run(city, context, argument) {
    const agent = await chooseAgent(this.title, city, context, argument);
    if (!agent) return;
    const value = /[^/.]*$/u.exec(agent.name)?.[0] ?? agent.name;
    const name = await context.dialogs.ask(this.title, `The new name of ${agent.name}`, {
      value,
      problem: agentNameProblem,
    });
    if (name === undefined) return;
    await context.configuration.renameAgent(agent.name, name);
    context.dialogs.mention(`Renamed ${agent.name} to ${name}`);
  },
};
