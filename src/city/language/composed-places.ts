import type { ComposedCity } from "../compose/compose-city.ts";
import type { Origin } from "../compose/origin.ts";
import type { TomlPath } from "../text/toml-path.ts";

const cache = new WeakMap<ComposedCity, ReadonlyMap<string, readonly object[]>>();

/** A place in a file as one text. */
export function placeId(file: string, path: TomlPath): string {
  return [file, ...path.map(String)].join("\0");
}

/** The tables of the composed city that are made from the one at `path` of `file`: several for a pack's in many rigs. */
export function tablesMadeFrom(composed: ComposedCity, file: string, path: TomlPath): readonly object[] {
  const places = cache.get(composed) ?? collect(composed);
  cache.set(composed, places);
  return places.get(placeId(file, path)) ?? [];
}

function collect({ config, provenance }: ComposedCity): ReadonlyMap<string, readonly object[]> {
  const places = new Map<string, object[]>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const origin = provenance.of(value);
    if (origin) {
      const id = placeId(origin.file, origin.path);
      const tables = places.get(id);
      if (tables) tables.push(value);
      else places.set(id, [value]);
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(config);
  return places;
}

/** Whether two origins are the same place. */
export function isSamePlace(a: Origin, b: Origin): boolean {
  return placeId(a.file, a.path) === placeId(b.file, b.path);
}
