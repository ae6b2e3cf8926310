import { agentName } from "../compose/composed-city.ts";
import type { ComposedCity } from "../compose/compose-city.ts";
import type { Origin } from "../compose/origin.ts";
import type { TomlPath } from "../text/toml-path.ts";
import { isSamePlace, tablesMadeFrom } from "./composed-places.ts";
import type { LanguageContext } from "./language-context.ts";

/** The value that a key has in the composed city. */
export interface Resolution {
  /** As TOML would write it, shortened; undefined when the key has none. */
  readonly value: string | undefined;
  /** Which agent it is about, where the key says nothing of that; else empty. */
  readonly agent: string;
  /** Where the value was written; undefined when it is not written anywhere. */
  readonly origin: Origin | undefined;
}

/** More agents than this share a place only in large cities, where nobody wants to read them all. */
const most = 5;

/**
 * What became of the key at `path`: for a key of a table, its value in all that the table became; for one of a patch
 * or an override, the agents that have their value from it.
 */
export function resolutionsOf({ file, composed }: LanguageContext, path: TomlPath): readonly Resolution[] {
  const key = path.at(-1);
  if (!composed || key === undefined) return [];
  const tables = tablesMadeFrom(composed, file.path, path.slice(0, -1));
  const names = new Map(composed.agents.map((agent) => [agent.table as object, agentName(agent)]));
  const own = tables.map((table): Resolution => {
    const value = textOf(Reflect.get(table, key));
    return {
      value,
      agent: tables.length > 1 ? (names.get(table) ?? "") : "",
      origin: value === undefined ? undefined : composed.provenance.ofKey(table, key),
    };
  });
  return [...own, ...patched(composed, { file: file.path, path })].slice(0, most);
}

function patched({ agents, provenance }: ComposedCity, place: Origin): readonly Resolution[] {
  if (!place.path.includes("patches") && !place.path.includes("overrides")) return [];
  return agents.flatMap((agent): Resolution[] => {
    const { table } = agent;
    const key = Object.keys(table).find((key) => {
      const origin = provenance.ofKey(table, key);
      return origin !== undefined && isSamePlace(origin, place);
    });
    if (key === undefined) return [];
    return [{ value: textOf(Reflect.get(table, key)), agent: agentName(agent), origin: place }];
  });
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = tomlText(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

function tomlText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(tomlText).join(", ")}]`;
  if (typeof value !== "object" || value === null)
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  const entries = Object.entries(value).map(([key, item]) => `${key} = ${tomlText(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
