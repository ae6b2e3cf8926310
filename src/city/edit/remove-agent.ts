import { referencesTo } from "./agent-references.ts";
import { type CityTexts, podsFile } from "./city-files.ts";
import { type EditOutcome, editCity } from "./edit-city.ts";
import { RefusedEdit } from "./edit-refusal.ts";
import { inUse } from "./names.ts";
import { removeValue } from "./toml/remove-value.ts";
import { removeTables } from "./remove-tables.ts";
import { definitionsOf } from "./written-agents.ts";

/**
 * Removes the agent of this qualified name with its named sessions, patches and overrides, and its folder if that
 * defines it, and what is said of its pods. Refuses when something else names it.
 */
export function removeAgent(texts: CityTexts, qualified: string): EditOutcome {
  return editCity(texts, (city) => {
    const definitions = definitionsOf(city, qualified);
    const [{ pack, file, path }] = definitions;
    if (pack !== "") {
      const reason = `The agent "${qualified}" comes with the pack ${pack}`;
      throw new RefusedEdit("in-use", reason, "Suspend it, or leave out the pack", city.place(file, path));
    }
    const references = referencesTo(city, definitions[0]);
    const [user, ...others] = references.filter(({ element }) => element === undefined);
    if (user) {
      const users = [user, ...others].map(({ by }) => by);
      throw inUse("The agent", qualified, users, city.place(user.file, user.path));
    }
    const tables = [
      ...references.map(({ file, element = [] }) => ({ file, path: element })),
      ...definitions.filter(({ folder }) => folder === undefined),
    ];
    removeTables(city, tables);
    if (city.files.includes(podsFile)) removeValue(city.draft(podsFile), ["agents", qualified]);
    for (const { folder } of definitions) if (folder !== undefined) city.removals.push(folder);
  });
}
