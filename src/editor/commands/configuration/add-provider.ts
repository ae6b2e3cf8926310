import { addProvider as add } from "../../../city/edit/add-provider.ts";
import { agentNameProblem } from "../../../city/schema/names.ts";
import type { ConfigurationCommand } from "../command.ts";

/** Adds a program that agents can run to city.toml. */
export const addProvider: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.addProvider",
  title: "Add Provider…",
  async run(city, { configuration, dialogs }) {
    const known = city.config.providers ?? {};
    const problem = (name: string): string | undefined =>
      agentNameProblem(name) ?? (Object.hasOwn(known, name) ? "There is a provider of this name" : undefined);
    const name = await dialogs.ask(this.title, "Its name", { problem });
    if (name === undefined) return;
    const missing = (command: string): string | undefined => (command.trim() === "" ? "Write a command" : undefined);
    const command = await dialogs.ask(this.title, "The command that it runs", { problem: missing });
    if (command === undefined) return;
    await configuration.change((texts) => add(texts, { name, command: command.trim() }), { shows: true });
    dialogs.mention(`Added the provider ${name}`);
  },
};
