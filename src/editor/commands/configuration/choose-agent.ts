import type { ComposedCity } from "../../../city/compose/compose-city.ts";
import { type ConfiguredAgent, configuredAgents } from "../../configuration/configured-agent.ts";
import { sessionOf, templatesOf } from "../choose-agents.ts";
import type { CommandContext } from "../command.ts";

/**
 * The agent that a command was called on by one of its sessions or its table; called on none, the one that the person
 * chooses of those that fit. `what` says in words which these are.
 */
export async function chooseAgent(
  title: string,
  city: ComposedCity,
  { dialogs, runtime }: CommandContext,
  argument: unknown,
  {
    what = "",
    fits = () => true,
  }: { readonly what?: string; readonly fits?: (agent: ConfiguredAgent) => boolean } = {},
): Promise<ConfiguredAgent | undefined> {
  const agents = configuredAgents(city);
  const session = sessionOf(argument);
  const row = runtime()?.state.agents.find((agent) => agent.session === session);
  const [meant] = row ? [row.template] : (templatesOf(argument) ?? []);
  const named = agents.find(({ name }) => name === meant);
  if (named) return named;
  const fitting = agents.filter(fits);
  if (session !== undefined || fitting.length === 0) {
    dialogs.inform(session === undefined ? `There is no agent${what}.` : `No file of the city has this agent.`, []);
    return undefined;
  }
  return dialogs.choose(
    title,
    fitting.map((agent) => ({ label: agent.name, description: descriptionOf(agent), value: agent })),
  );
}

function descriptionOf({ suspended, min, max }: ConfiguredAgent): string {
  const size = min === undefined && max === undefined ? [] : [`${min ?? 0}-${max === undefined || max < 0 ? "" : max}`];
  return [...size, ...(suspended ? ["suspended"] : [])].join(", ");
}
