import { resumeRig as resume } from "../../../city/edit/rigs.ts";
import type { ConfigurationCommand } from "../command.ts";
import { chooseRig } from "./choose-rig.ts";

/** Lets the agents of a suspended rig run again, by city.toml. */
export const resumeRig: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.resumeRig",
  title: "Resume Rig",
  async run(city, context) {
    const which = { what: " that is suspended", fits: ({ suspended = false }) => suspended };
    const rig = await chooseRig(this.title, city, context, which);
    if (rig === undefined) return;
    await context.configuration.change((texts) => resume(texts, rig));
    context.dialogs.mention(`Resumed the rig ${rig}`);
  },
};
