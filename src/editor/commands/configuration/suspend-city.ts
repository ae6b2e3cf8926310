import { suspendCity as suspend } from "../../../city/edit/city-suspension.ts";
import type { ConfigurationCommand } from "../command.ts";

/** Keeps every agent of the city from running, by city.toml. */
export const suspendCity: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.suspendCity",
  title: "Suspend City",
  async run(_city, { configuration, dialogs }) {
    await configuration.change(suspend);
    dialogs.mention("Suspended the city");
  },
};
