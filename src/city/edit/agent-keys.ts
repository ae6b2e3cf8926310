import { splitQualifiedName } from "../names/qualified-name.ts";
import type { CityDraft, TablePlace } from "./city-draft.ts";
import { appendElement } from "./toml/append-element.ts";
import { setValue } from "./toml/set-value.ts";
import { type TomlValue, valueOf } from "./toml/value-of.ts";
import { definitionsOf, qualify, writtenAgents } from "./written-agents.ts";

/** What the city's files say last of a key of an agent. */
export function agentKey(city: CityDraft, agent: string, key: string): TomlValue | undefined {
  const table = tablesOf(city, agent).findLast((table) => has(city, table, key));
  const node = table && city.node(table.file, [...table.path, key]);
  return node && valueOf(node);
}

/**
 * Sets a key of an agent where it counts: in the patch or override that has it, else where the agent is defined. An agent
 * of `derived`, which a pack brings, gets a patch, or an override in its rig (gascity-spec §1.2).
 */
export function setAgentKey(
  city: CityDraft,
  agent: string,
  key: string,
  value: number | boolean,
  derived: readonly string[] = [],
): void {
  const tables = tablesOf(city, agent);
  const table = tables.findLast((table) => has(city, table, key)) ?? tables[0];
  if (table) return setValue(city.draft(table.file), [...table.path, key], value);
  // Fails with the reason when no pack defines it either.
  if (!derived.includes(agent)) definitionsOf(city, agent);
  const { dir, name } = split(agent);
  const rig = rigOf(city, dir);
  if (rig) appendElement(city.draft(rig.file), [...rig.path, "overrides"], { agent: name, [key]: value });
  else
    appendElement(city.draft("city.toml"), ["patches", "agent"], {
      ...(dir === "" ? {} : { dir }),
      name,
      [key]: value,
    });
}

/** The tables with an agent's keys, those last that win: its first definition, patches, overrides. */
function tablesOf(city: CityDraft, agent: string): readonly TablePlace[] {
  // What a pack says is not for one city to change.
  const definition = writtenAgents(city).find(({ qualified, pack }) => qualified === agent && pack === "");
  const { dir, name } = split(agent);
  const patches = city.places(["patches", "agent"]).filter(({ file, path }) => {
    const patched = split(qualify(city.string(file, [...path, "dir"]), city.string(file, [...path, "name"])));
    return patched.dir === dir && patched.name === name;
  });
  const rig = rigOf(city, dir);
  const overrides = (rig ? ["overrides", "patches"] : []).flatMap((key) => {
    const { file, path } = rig ?? { file: "", path: [] };
    const own = city.elements(file, [...path, key]).filter((path) => city.string(file, [...path, "agent"]) === name);
    return own.map((path) => ({ file, path }));
  });
  return [...(definition ? [definition] : []), ...patches, ...overrides];
}

/** The parts of a qualified name, without the binding that an import puts before the name. */
function split(qualified: string): { dir: string; name: string } {
  const { dir, name } = splitQualifiedName(qualified);
  return { dir, name: name.slice(name.lastIndexOf(".") + 1) };
}

function rigOf(city: CityDraft, dir: string): TablePlace | undefined {
  if (dir === "") return undefined;
  return city.places(["rigs"]).find(({ file, path }) => city.string(file, [...path, "name"]) === dir);
}

function has(city: CityDraft, { file, path }: TablePlace, key: string): boolean {
  return city.node(file, [...path, key]) !== undefined;
}
