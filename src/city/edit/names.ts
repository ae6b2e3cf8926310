import { agentNameProblem } from "../schema/names.ts";
import { type FilePlace, RefusedEdit, placeText } from "./edit-refusal.ts";

/** Fails unless gc takes `name` for an agent, a named session or a provider (gascity-spec §1.3). */
export function checkName(what: string, name: string): void {
  const problem = agentNameProblem(name);
  if (problem === undefined) return;
  throw new RefusedEdit(
    "invalid",
    name === "" ? `${what} needs a name` : `"${name}" cannot be the name of ${what.toLowerCase()}`,
    problem,
  );
}

/** The refusal of a name that something else has. */
export function taken(what: string, name: string, place: FilePlace): RefusedEdit {
  return new RefusedEdit(
    "taken",
    `${what} "${name}" exists already, at ${placeText(place)}`,
    "Choose another name",
    place,
  );
}

/** The refusal to remove what others, given as words for a person, still name. `place` is the first of them. */
export function inUse(what: string, name: string, users: readonly string[], place: FilePlace): RefusedEdit {
  const reason = `${what} "${name}" is still named by ${new Intl.ListFormat("en").format(users)}`;
  return new RefusedEdit("in-use", reason, "Change that first", place);
}
