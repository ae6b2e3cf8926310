import { addNamedSession as add } from "../../../city/edit/named-sessions.ts";
import { agentNameProblem } from "../../../city/schema/names.ts";
import type { Choice } from "../../dialogs.ts";
import type { ConfigurationCommand } from "../command.ts";
import { chooseAgent } from "./choose-agent.ts";

const modes: readonly Choice<"always" | "on_demand">[] = [
  { label: "Always", description: "as long as the city is started", value: "always" },
  { label: "On demand", description: "when there is work or you start it", value: "on_demand" },
];

/** Adds a session with a name of its own to city.toml. */
export const addNamedSession: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.addNamedSession",
  title: "Add Named Session…",
  async run(city, context, argument) {
    const { configuration, dialogs } = context;
    const agent = await chooseAgent(this.title, city, context, argument);
    if (!agent) return;
    const template = /[^/]*$/u.exec(agent.name)?.[0] ?? "";
    const name = await dialogs.ask(this.title, "Its name", { value: template, problem: agentNameProblem });
    if (name === undefined) return;
    const mode = await dialogs.choose("When it runs", modes);
    if (mode === undefined) return;
    const session = { agent: agent.name, mode, ...(name === template ? {} : { name }) };
    await configuration.change((texts) => add(texts, session), { shows: true });
    dialogs.mention(`Added the named session ${name}`);
  },
};
