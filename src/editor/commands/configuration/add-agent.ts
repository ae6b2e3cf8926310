import type { ComposedCity } from "../../../city/compose/compose-city.ts";
import { type NewAgent, addAgent as add } from "../../../city/edit/add-agent.ts";
import { agentNameProblem } from "../../../city/schema/names.ts";
import type { Choice } from "../../dialogs.ts";
import type { CommandContext, ConfigurationCommand } from "../command.ts";
import { agentNames } from "./agent-names.ts";
import { parsePoolSize, poolSizeProblem, poolSizePrompt } from "./pool-size-text.ts";
import { programChoices } from "./program-choices.ts";

/** Adds an agent to city.toml. */
export const addAgent: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.addAgent",
  title: "Add Agent…",
  async run(city, context) {
    const { dialogs, configuration } = context;
    const dir = await askDir(this.title, city, context);
    if (dir === undefined) return;
    const names = new Set(agentNames(city));
    const problem = (name: string): string | undefined =>
      agentNameProblem(name) ??
      (names.has(dir ? `${dir}/${name}` : name) ? "There is an agent of this name" : undefined);
    const name = await dialogs.ask(this.title, "Its name", { problem });
    if (name === undefined) return;
    const program = await askProgram(this.title, city, context);
    if (program === undefined) return;
    const life = await dialogs.choose<Life>("When it runs", lives);
    if (life === undefined) return;
    const size = life === "pool" ? await askSize(context) : {};
    if (size === undefined) return;
    const agent: NewAgent = { name, ...(dir ? { dir } : {}), ...program, ...size };
    await configuration.change((texts) => add(texts, agent, life === "pool" ? undefined : life), { shows: true });
    dialogs.mention(`Added ${name}`);
  },
};

type Life = "always" | "on_demand" | "pool";

const lives: readonly Choice<Life>[] = [
  { label: "Always", description: "one session, as long as the city is started", value: "always" },
  { label: "On demand", description: "one session, when there is work or you start it", value: "on_demand" },
  { label: "As a pool", description: "several sessions, within bounds", value: "pool" },
];

/** The rig that it works in; "" for none. */
async function askDir(title: string, city: ComposedCity, { dialogs }: CommandContext): Promise<string | undefined> {
  const rigs = city.config.rigs ?? [];
  if (rigs.length === 0) return "";
  return dialogs.choose(title, [
    { label: "In the city", value: "" },
    ...rigs.map(({ name, path }) => ({ label: `In the rig ${name}`, description: path, value: name })),
  ]);
}

async function askProgram(
  title: string,
  city: ComposedCity,
  { dialogs, hasProgram }: CommandContext,
): Promise<Pick<NewAgent, "provider" | "start_command"> | undefined> {
  const program = await dialogs.choose(`${title} What it runs`, programChoices(city, hasProgram));
  if (program !== "command") return program;
  const problem = (command: string): string | undefined => (command.trim() === "" ? "Write a command" : undefined);
  const command = await dialogs.ask(title, "The command that it runs", { problem });
  return command === undefined ? undefined : { start_command: command.trim() };
}

async function askSize({ dialogs }: CommandContext) {
  const text = await dialogs.ask("Pool size", poolSizePrompt, { value: "1-3", problem: poolSizeProblem });
  const size = text === undefined ? undefined : parsePoolSize(text);
  return size && { min_active_sessions: size.min, max_active_sessions: size.max };
}
