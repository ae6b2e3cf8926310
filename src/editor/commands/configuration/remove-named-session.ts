import { removeNamedSession as remove } from "../../../city/edit/named-sessions.ts";
import type { ConfigurationCommand } from "../command.ts";
import { chooseNamedSession } from "./choose-named-session.ts";

/** Removes a named session from the city's files. */
export const removeNamedSession: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.removeNamedSession",
  title: "Remove Named Session…",
  async run(city, context) {
    const identity = await chooseNamedSession(this.title, city, context);
    if (identity === undefined) return;
    await context.configuration.change((texts) => remove(texts, identity));
    context.dialogs.mention(`Removed the named session ${identity}`);
  },
};
