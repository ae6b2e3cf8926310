import { beadPrefix } from "../names/bead-prefix.ts";
import type { TomlPath } from "../text/toml-path.ts";
import type { CityDraft, TablePlace } from "./city-draft.ts";
import { type CityTexts, isAgentFile, packOf, podsFile } from "./city-files.ts";
import { type EditOutcome, editCity } from "./edit-city.ts";
import { RefusedEdit } from "./edit-refusal.ts";
import { taken } from "./names.ts";
import { rigNamed } from "./rigs.ts";
import { renameKeys } from "./toml/rename-keys.ts";
import { replaceValues, setValue } from "./toml/set-value.ts";

/**
 * Gives a rig another name wherever the city's files name it, alone or before an agent's name. A prefix that it has by its
 * name alone is written down, so that its beads stay its own.
 */
export function renameRig(texts: CityTexts, name: string, newName: string): EditOutcome {
  return editCity(texts, (city) => {
    const rig = rigNamed(city, name);
    if (newName === name) return;
    if (newName.trim() === "") throw new RefusedEdit("invalid", "A rig needs a name", "Give it one");
    const other = city.places(["rigs"]).find(({ file, path }) => city.string(file, [...path, "name"]) === newName);
    if (other) throw taken("The rig", newName, city.place(other.file, other.path));

    const inAgent = (text: string): string => (text.startsWith(`${name}/`) ? newName + text.slice(name.length) : text);
    const alone = (text: string): string => (text === name ? newName : text);
    for (const file of city.files.filter((file) => packOf(file) === "")) {
      const { rigs, agents } = namingPlaces(city, file);
      const values = (places: readonly TomlPath[], rename: (text: string) => string) =>
        places.flatMap((path) => {
          const text = city.string(file, path);
          return rename(text) === text ? [] : [[path, rename(text)] as const];
        });
      replaceValues(city.draft(file), [...values(rigs, alone), ...values(agents, inAgent)]);
    }
    if (city.files.includes(podsFile)) renameKeys(city.draft(podsFile), ["agents"], inAgent);
    keepPrefix(city, rig, name, newName);
  });
}

/** Where a file may name rigs, and agents with their rig before them (gascity-spec §1.7). */
function namingPlaces(
  city: CityDraft,
  file: string,
): { readonly rigs: readonly TomlPath[]; agents: readonly TomlPath[] } {
  const each = (path: TomlPath): readonly TomlPath[] => city.elements(file, path);
  const keyOf = (tables: readonly TomlPath[], key: string): readonly TomlPath[] =>
    tables.map((table) => [...table, key]);
  const agents = isAgentFile(file) ? [[]] : each(["agent"]);
  const patches = each(["patches", "agent"]);
  const sessions = each(["named_session"]);
  const rigs = each(["rigs"]);
  const orders = each(["orders", "overrides"]);
  const overrides = rigs.flatMap((rig) => [...each([...rig, "overrides"]), ...each([...rig, "patches"])]);
  return {
    rigs: [
      ...keyOf([...rigs, ...each(["patches", "rigs"])], "name"),
      ...keyOf([...agents, ...patches, ...sessions], "dir"),
      ...keyOf(orders, "rig"),
    ],
    agents: [
      ...keyOf([...agents, ...patches, ...overrides], "depends_on").flatMap(each),
      ...keyOf(sessions, "template"),
      ...keyOf(rigs, "default_sling_target"),
      ...keyOf(orders, "pool"),
    ],
  };
}

function keepPrefix(city: CityDraft, { file, path }: TablePlace, name: string, newName: string): void {
  const prefix = beadPrefix(name);
  const patched = city
    .places(["patches", "rigs"])
    .some(
      (patch) =>
        city.string(patch.file, [...patch.path, "name"]) === newName &&
        city.node(patch.file, [...patch.path, "prefix"]),
    );
  if (patched || city.string(file, [...path, "prefix"]) !== "" || beadPrefix(newName) === prefix) return;
  setValue(city.draft(file), [...path, "prefix"], prefix);
}
