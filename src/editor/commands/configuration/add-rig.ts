import { posix } from "node:path";
import { addRig as add } from "../../../city/edit/rigs.ts";
import { agentNameProblem } from "../../../city/schema/names.ts";
import type { ConfigurationCommand } from "../command.ts";

/** Adds a repository to city.toml. */
export const addRig: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.addRig",
  title: "Add Rig…",
  async run(city, { configuration, dialogs }) {
    const folder = await dialogs.chooseFolder("The repository that agents should work in");
    if (folder === undefined) return;
    const rigs = city.config.rigs ?? [];
    // Its agents' sessions are called after it.
    const problem = (name: string): string | undefined =>
      agentNameProblem(name) ?? (rigs.some((rig) => rig.name === name) ? "There is a rig of this name" : undefined);
    const name = await dialogs.ask(this.title, "Its name", { value: posix.basename(folder), problem });
    if (name === undefined) return;
    const relative = posix.relative(city.root, folder);
    const path = relative.startsWith("../../") || relative === "" ? folder : relative;
    await configuration.change((texts) => add(texts, { name, path }), { shows: true });
    dialogs.mention(`Added the rig ${name}`);
  },
};
