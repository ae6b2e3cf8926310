import { resumeAgent as resume } from "../../../city/edit/agent-suspension.ts";
import type { ConfigurationCommand } from "../command.ts";
import { agentNames } from "./agent-names.ts";
import { chooseAgent } from "./choose-agent.ts";

/** Lets a suspended agent run again, by city.toml. */
export const resumeAgent: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.resumeAgent",
  title: "Resume Agent",
  async run(city, context, argument) {
    const which = { what: " that is suspended", fits: ({ suspended }: { suspended: boolean }) => suspended };
    const agent = await chooseAgent(this.title, city, context, argument, which);
    if (!agent) return;
    await context.configuration.change((texts) => resume(texts, agent.name, agentNames(city)));
    context.dialogs.mention(`Resumed ${agent.name}`);
  },
};
