import type { ComposedCity } from "../../../city/compose/compose-city.ts";
import type { RigTable } from "../../../city/schema/rig.ts";
import type { CommandContext } from "../command.ts";

/** The rig that the person chooses of those that fit, by name. `what` says in words which these are. */
export async function chooseRig(
  title: string,
  city: ComposedCity,
  { dialogs }: CommandContext,
  { what = "", fits = () => true }: { readonly what?: string; readonly fits?: (rig: RigTable) => boolean } = {},
): Promise<string | undefined> {
  const rigs = (city.config.rigs ?? []).filter(fits);
  if (rigs.length === 0) {
    dialogs.inform(`There is no rig${what}.`, []);
    return undefined;
  }
  return dialogs.choose(
    title,
    rigs.map(({ name, path, suspended }) => {
      return { label: name, description: path + (suspended ? ", suspended" : ""), value: name };
    }),
  );
}
