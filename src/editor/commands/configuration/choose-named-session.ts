import type { ComposedCity } from "../../../city/compose/compose-city.ts";
import { sessionIdentity, sessionTemplate } from "../../../city/compose/composed-city.ts";
import type { CommandContext } from "../command.ts";

/** The named session that the person chooses, by its identity. */
export async function chooseNamedSession(
  title: string,
  city: ComposedCity,
  { dialogs }: CommandContext,
): Promise<string | undefined> {
  const choices = city.namedSessions.map((session) => {
    const identity = sessionIdentity(session);
    return { label: identity, description: `of ${sessionTemplate(session)}`, value: identity };
  });
  if (choices.length > 0) return dialogs.choose(title, choices);
  dialogs.inform("There is no named session.", []);
  return undefined;
}
