import type { ComposedCity } from "../../../city/compose/compose-city.ts";
import { builtinProviderTables } from "../../../city/resolve/builtin-provider-tables.ts";
import type { Choice } from "../../dialogs.ts";

/** What an agent can run: the city's usual, a provider, or a command to be asked for. */
export type Program = { readonly provider?: string } | "command";

/** The programs that a new agent can run, the likeliest first. */
export function programChoices(city: ComposedCity, hasProgram: (name: string) => boolean): readonly Choice<Program>[] {
  const { workspace = {}, providers = {} } = city.config;
  const usual = workspace.start_command || workspace.provider;
  const own = Object.entries(providers).map(([name, { command = "" }]) => ({ name, description: command }));
  const builtin = Array.from(builtinProviderTables, ([name, { display_name = "", command = "" }]) => {
    return { name, description: display_name + (hasProgram(command) ? "" : ", not found here") };
  });
  return [
    ...(usual ? [{ label: "As usual in this city", description: usual, value: {} }] : []),
    ...[...own, ...builtin.filter(({ name }) => !Object.hasOwn(providers, name))].map(({ name, description }) => {
      return { label: name, description, value: { provider: name } };
    }),
    { label: "A command…", value: "command" },
  ];
}
