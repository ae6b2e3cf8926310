import { sessionIdentity, sessionTemplate } from "../../../city/compose/composed-city.ts";
import { removeNamedSession as remove } from "../../../city/edit/named-sessions.ts";
import type { ConfigurationCommand } from "../command.ts";

/** Removes a named session from the city's files. */
export const removeNamedSession: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.removeNamedSession",
  title: "Remove Named Session…",
  async run(city, { configuration, dialogs }) {
    const choices = city.namedSessions.map((session) => {
      const identity = sessionIdentity(session);
      return { label: identity, description: `of ${sessionTemplate(session)}`, value: identity };
    });
    if (choices.length === 0) return dialogs.inform("There is no named session.", []);
    const identity = await dialogs.choose(this.title, choices);
    if (identity === undefined) return;
    await configuration.change((texts) => remove(texts, identity));
    dialogs.mention(`Removed the named session ${identity}`);
  },
};
