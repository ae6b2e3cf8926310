import { setPoolSize as setSize } from "../../../city/edit/pool-size.ts";
import type { ConfigurationCommand } from "../command.ts";
import { agentNames } from "./agent-names.ts";
import { chooseAgent } from "./choose-agent.ts";
import { parsePoolSize, poolSizeProblem, poolSizePrompt, poolSizeText } from "./pool-size-text.ts";

/** Says how many sessions of an agent there are. */
export const setPoolSize: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.setPoolSize",
  title: "Set Pool Size…",
  async run(city, context, argument) {
    const agent = await chooseAgent(this.title, city, context, argument);
    if (!agent) return;
    const options = { value: poolSizeText(agent), problem: poolSizeProblem };
    const size = parsePoolSize(
      (await context.dialogs.ask(`${this.title} ${agent.name}`, poolSizePrompt, options)) ?? "",
    );
    if (!size) return;
    await context.configuration.change((texts) => setSize(texts, agent.name, size, agentNames(city)));
    context.dialogs.mention(`${agent.name} has ${poolSizeText(size)} sessions`);
  },
};
