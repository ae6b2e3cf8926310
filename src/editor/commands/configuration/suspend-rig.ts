import { suspendRig as suspend } from "../../../city/edit/rigs.ts";
import type { ConfigurationCommand } from "../command.ts";
import { chooseRig } from "./choose-rig.ts";

/** Keeps the agents of a rig from running, by city.toml. */
export const suspendRig: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.suspendRig",
  title: "Suspend Rig",
  async run(city, context) {
    const rig = await chooseRig(this.title, city, context, {
      what: " to suspend",
      fits: ({ suspended }) => !suspended,
    });
    if (rig === undefined) return;
    await context.configuration.change((texts) => suspend(texts, rig));
    context.dialogs.mention(`Suspended the rig ${rig}`);
  },
};
