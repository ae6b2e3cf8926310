import { renameRig as rename } from "../../../city/edit/rename-rig.ts";
import type { ConfigurationCommand } from "../command.ts";
import { chooseRig } from "./choose-rig.ts";

/** Gives a rig another name in all of the city's files. */
export const renameRig: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.renameRig",
  title: "Rename Rig…",
  async run(city, context) {
    const rig = await chooseRig(this.title, city, context);
    if (rig === undefined) return;
    const problem = (name: string): string | undefined => (name.trim() === "" ? "A rig needs a name" : undefined);
    const name = await context.dialogs.ask(this.title, `The new name of ${rig}`, { value: rig, problem });
    if (name === undefined) return;
    await context.configuration.change((texts) => rename(texts, rig, name));
    context.dialogs.mention(`Renamed the rig ${rig} to ${name}`);
  },
};
