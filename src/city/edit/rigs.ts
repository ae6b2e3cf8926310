import type { TomlPath } from "../text/toml-path.ts";
import { beadPrefix } from "../names/bead-prefix.ts";
import { nearestName } from "../nearest-name.ts";
import type { CityDraft, TablePlace } from "./city-draft.ts";
import type { CityTexts } from "./city-files.ts";
import { type EditOutcome, editCity } from "./edit-city.ts";
import { RefusedEdit, placeText } from "./edit-refusal.ts";
import { inUse, taken } from "./names.ts";
import { removeTables } from "./remove-tables.ts";
import { appendElement } from "./toml/append-element.ts";
import { setValue } from "./toml/set-value.ts";
import { writtenAgents } from "./written-agents.ts";

/** A `[[rigs]]` to add, with gc's own keys (gascity-spec §1.7). */
export interface NewRig {
  readonly name: string;
  /** Absolute, or from the city's folder. */
  readonly path: string;
  readonly prefix?: string;
  readonly includes?: readonly string[];
}

/** Adds a rig to city.toml. */
export function addRig(texts: CityTexts, { name, path, prefix, includes }: NewRig): EditOutcome {
  return editCity(texts, (city) => {
    if (name.trim() === "") throw new RefusedEdit("invalid", "A rig needs a name", "Give it one");
    if (path.trim() === "") throw new RefusedEdit("invalid", `The rig "${name}" has no path`, "Say which folder it is");
    const other = city.places(["rigs"]).find((rig) => nameOf(city, rig) === name);
    if (other) throw taken("The rig", name, city.place(other.file, other.path));
    checkPrefix(city, name, prefix);
    const rest = { ...(prefix === undefined ? {} : { prefix }), ...(includes === undefined ? {} : { includes }) };
    appendElement(city.draft("city.toml"), ["rigs"], { name, path, ...rest });
  });
}

/** Removes a rig and its patches. Refuses when something else names it. */
export function removeRig(texts: CityTexts, name: string): EditOutcome {
  return editCity(texts, (city) => {
    const rig = rigNamed(city, name);
    const users = usersOf(city, name);
    const [user] = users;
    if (user) {
      const words = users.map(({ by }) => by);
      throw inUse("The rig", name, words, city.place(user.file, user.path));
    }
    removeTables(city, [rig, ...patchesOf(city, name)]);
  });
}

/** Keeps a rig's agents from running. */
export function suspendRig(texts: CityTexts, name: string): EditOutcome {
  return editCity(texts, (city) => {
    const { file, path } = suspendedPlace(city, name);
    setValue(city.draft(file), path, true);
  });
}

/** Lets the agents of a suspended rig run again; does nothing when it is not suspended. */
export function resumeRig(texts: CityTexts, name: string): EditOutcome {
  return editCity(texts, (city) => {
    const { file, path } = suspendedPlace(city, name);
    if (city.node(file, path)) setValue(city.draft(file), path, false);
  });
}

/** Where `suspended` of a rig counts: in the patch that has it, else in the rig. */
function suspendedPlace(city: CityDraft, name: string): TablePlace {
  const rig = rigNamed(city, name);
  const written = patchesOf(city, name).findLast(({ file, path }) => city.node(file, [...path, "suspended"]));
  const { file, path } = written ?? rig;
  return { file, path: [...path, "suspended"] };
}

/** The rig of this name. Fails when no file of the city defines it. */
export function rigNamed(city: CityDraft, name: string): TablePlace {
  const rigs = city.places(["rigs"]);
  const rig = rigs.find((rig) => nameOf(city, rig) === name);
  if (rig) return rig;
  const near = nearestName(
    name,
    rigs.map((rig) => nameOf(city, rig)),
  );
  const action = near === undefined ? "Look into [[rigs]] of city.toml" : `Perhaps "${near}" is meant`;
  throw new RefusedEdit("missing", `No file of the city defines the rig "${name}"`, action);
}

/** gc compares prefixes of rigs with each other and with the city's own, whatever their case (gascity-spec §1.3). */
function checkPrefix(city: CityDraft, name: string, given: string | undefined): void {
  const prefix = (given ?? beadPrefix(name)).toLowerCase();
  const others = [
    {
      prefix: city.string("city.toml", ["workspace", "prefix"]),
      name: city.string("city.toml", ["workspace", "name"]),
    },
    ...city.places(["rigs"]).map((rig) => ({
      prefix: city.string(rig.file, [...rig.path, "prefix"]),
      name: nameOf(city, rig),
    })),
  ];
  const other = others.find((other) => (other.prefix || beadPrefix(other.name)).toLowerCase() === prefix);
  if (!other) return;
  const reason = `The rig "${name}" would have the prefix "${prefix}", as "${other.name}" has`;
  throw new RefusedEdit("taken", reason, "Give it another prefix");
}

interface User extends TablePlace {
  readonly by: string;
}

/** What else names a rig, patches apart. */
function usersOf(city: CityDraft, rig: string): readonly User[] {
  const users = (path: TomlPath, key: string, what: string): readonly User[] =>
    city
      .places(path)
      .filter((place) => city.string(place.file, [...place.path, key]) === rig)
      .map(({ file, path }) => ({ file, path, by: `${what} at ${placeText(city.place(file, path))}` }));
  const agents = writtenAgents(city).filter(({ dir }) => dir === rig);
  return [
    ...agents.map(({ file, path, qualified }) => ({ file, path, by: `the agent "${qualified}"` })),
    ...users(["named_session"], "dir", "the named session"),
    ...users(["patches", "agent"], "dir", "the patch"),
    ...users(["orders", "overrides"], "rig", "the order's override"),
  ];
}

function patchesOf(city: CityDraft, rig: string): readonly TablePlace[] {
  return city.places(["patches", "rigs"]).filter((patch) => nameOf(city, patch) === rig);
}

function nameOf(city: CityDraft, { file, path }: TablePlace): string {
  return city.string(file, [...path, "name"]);
}
