import { renameNamedSession as rename } from "../../../city/edit/named-sessions.ts";
import { agentNameProblem } from "../../../city/schema/names.ts";
import type { ConfigurationCommand } from "../command.ts";
import { chooseNamedSession } from "./choose-named-session.ts";

/** Gives a named session another name. */
export const renameNamedSession: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.renameNamedSession",
  title: "Rename Named Session…",
  async run(city, context) {
    const identity = await chooseNamedSession(this.title, city, context);
    if (identity === undefined) return;
    const value = /[^/.]*$/u.exec(identity)?.[0] ?? identity;
    const name = await context.dialogs.ask(this.title, `The new name of ${identity}`, {
      value,
      problem: agentNameProblem,
    });
    if (name === undefined) return;
    await context.configuration.change((texts) => rename(texts, identity, name));
    context.dialogs.mention(`Renamed the named session ${identity} to ${name}`);
  },
};
