import { parse } from "smol-toml";
import { expect, it } from "vitest";
import { fixtureCities, fixtureFiles, fixtureRoot } from "../../../test/fixture-cities.ts";
import { memoryFiles } from "../files/memory-files.ts";
import { valueIn } from "../text/value-in.ts";
import { composeCity } from "./compose-city.ts";

type Path = readonly (string | number)[];

/** The paths of all texts, numbers and booleans in a table. */
function* leaves(value: unknown, path: Path = []): Generator<readonly [Path, unknown]> {
  if (typeof value !== "object" || value === null) return yield [path, value];
  for (const [key, child] of Object.entries(value)) {
    yield* leaves(child, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

/** What composition makes of a text: a path from the city, a qualified name, a clone of an address, a known word. */
function isMadeOf(value: unknown, written: unknown): boolean {
  if (typeof value !== "string" || typeof written !== "string") return value === written;
  const end = written.trim().split("/").at(-1)?.toLowerCase() ?? "";
  return value.trim().toLowerCase().endsWith(end) || value.includes("/cache/repos/");
}

it.each(fixtureCities())("each value of the city %s is from where it is said to be", (name) => {
  const texts = fixtureFiles(name);
  const tables = Object.fromEntries(
    Object.entries(texts).flatMap(([path, text]) => (path.endsWith(".toml") ? [[path, parse(text)]] : [])),
  );
  const options = { env: { HOME: `${fixtureRoot}/.home` }, systemPacks: false };
  const { config, provenance } = composeCity(memoryFiles(texts), fixtureRoot, options);
  const wrong = Array.from(leaves(config)).flatMap(([path, value]) => {
    const { file = "", path: from = [] } = provenance.locate(config, path) ?? {};
    const written = valueIn(tables[file] ?? {}, from);
    // What nobody wrote is said to be from the table that it follows from.
    const isFollowing = written === undefined || typeof written === "object";
    return isFollowing || isMadeOf(value, written) ? [] : [[path.join("."), value, file, from.join("."), written]];
  });
  expect(wrong).toEqual([]);
});
