import { removeRig as remove } from "../../../city/edit/rigs.ts";
import type { ConfigurationCommand } from "../command.ts";
import { chooseRig } from "./choose-rig.ts";

/** Removes a rig from the city's files, after asking. */
export const removeRig: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.removeRig",
  title: "Remove Rig…",
  async run(city, context) {
    const rig = await chooseRig(this.title, city, context);
    if (rig === undefined) return;
    const detail = "Its overrides and patches go with it. The repository stays as it is.";
    if (!(await context.dialogs.confirm(`Remove the rig ${rig}?`, detail, "Remove"))) return;
    await context.configuration.change((texts) => remove(texts, rig));
    context.dialogs.mention(`Removed the rig ${rig}`);
  },
};
