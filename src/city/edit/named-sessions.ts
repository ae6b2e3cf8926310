import { splitQualifiedName } from "../names/qualified-name.ts";
import { nearestName } from "../nearest-name.ts";
import { agentKey } from "./agent-keys.ts";
import type { CityDraft, TablePlace } from "./city-draft.ts";
import type { CityTexts } from "./city-files.ts";
import { type EditOutcome, editCity } from "./edit-city.ts";
import { RefusedEdit } from "./edit-refusal.ts";
import { checkName, taken } from "./names.ts";
import { appendElement } from "./toml/append-element.ts";
import { removeValue } from "./toml/remove-value.ts";
import { setValue } from "./toml/set-value.ts";
import { qualify } from "./written-agents.ts";

/** A `[[named_session]]` to add; without a name it has its agent's. */
export interface NewNamedSession {
  /** The agent's qualified name. */
  readonly agent: string;
  readonly name?: string;
  readonly mode?: "always" | "on_demand";
}

interface WrittenSession extends TablePlace {
  /** What the session is called by others (gascity-spec §1.7). */
  readonly identity: string;
  /** The qualified name of the agent. */
  readonly template: string;
  readonly always: boolean;
}

/** Adds a named session to city.toml. */
export function addNamedSession(texts: CityTexts, session: NewNamedSession): EditOutcome {
  return editCity(texts, (city) => insertNamedSession(city, session));
}

/** As `addNamedSession`, as one step of an edit. */
export function insertNamedSession(city: CityDraft, { agent, name, mode }: NewNamedSession): void {
  if (name !== undefined) checkName("A named session", name);
  const { dir, name: template } = splitQualifiedName(agent);
  const element = {
    ...(name === undefined ? {} : { name }),
    template,
    ...(dir === "" ? {} : { dir }),
    ...(mode === undefined ? {} : { mode }),
  };
  appendElement(city.draft("city.toml"), ["named_session"], element, ["agent"]);
  checkSessionsOf(city, agent);
}

/** Removes the named session of this identity from the file that defines it. */
export function removeNamedSession(texts: CityTexts, identity: string): EditOutcome {
  return editCity(texts, (city) => {
    const { file, path } = sessionOf(city, identity);
    removeValue(city.draft(file), path);
  });
}

/** Gives the named session of this identity another name, its dir apart. */
export function renameNamedSession(texts: CityTexts, identity: string, name: string): EditOutcome {
  return editCity(texts, (city) => {
    const { file, path, template } = sessionOf(city, identity);
    checkName("A named session", name);
    setValue(city.draft(file), [...path, "name"], name);
    checkSessionsOf(city, template);
  });
}

function sessionOf(city: CityDraft, identity: string): WrittenSession {
  const sessions = writtenSessions(city);
  const session = sessions.find((session) => session.identity === identity);
  if (session) return session;
  const near = nearestName(
    identity,
    sessions.map((session) => session.identity),
  );
  const action = near === undefined ? "Look into the packs that the city uses" : `Perhaps "${near}" is meant`;
  throw new RefusedEdit("missing", `No file of the city defines the named session "${identity}"`, action);
}

/** Fails unless the named sessions of an agent fit beside the others and below its cap (gascity-spec §1.3). */
export function checkSessionsOf(city: CityDraft, agent: string): void {
  const sessions = writtenSessions(city);
  const own = sessions.filter(({ template }) => template === agent);
  for (const session of own) {
    const other = sessions.find((other) => other !== session && other.identity === session.identity);
    if (other) throw taken("The named session", session.identity, city.place(other.file, other.path));
  }
  const always = own.filter((session) => session.always).length;
  const max = agentKey(city, agent, "max_active_sessions");
  if (typeof max !== "number" || max < 0 || always <= max) return;
  throw new RefusedEdit(
    "in-use",
    `"${agent}" has ${always} named session${always === 1 ? "" : "s"} of mode "always", but at most ${max} may run`,
    "Raise max_active_sessions, or remove a named session",
  );
}

function writtenSessions(city: CityDraft): readonly WrittenSession[] {
  return city.places(["named_session"]).map(({ file, path }) => {
    const read = (key: string): string => city.string(file, [...path, key]);
    const template = qualify(read("dir"), read("template"));
    const identity = qualify(read("dir"), read("name") || read("template"));
    return { file, path, identity, template, always: read("mode") === "always" };
  });
}
