import { resumeCity as resume } from "../../../city/edit/city-suspension.ts";
import type { ConfigurationCommand } from "../command.ts";

/** Lets a suspended city run again, by city.toml. */
export const resumeCity: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.resumeCity",
  title: "Resume City",
  async run(_city, { configuration, dialogs }) {
    await configuration.change(resume);
    dialogs.mention("Resumed the city");
  },
};
