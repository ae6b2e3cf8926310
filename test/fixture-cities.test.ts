import { basename } from "node:path";
import { parse } from "smol-toml";
import { expect, it } from "vitest";
import type * as z from "zod";
import { agentFile } from "../src/city/schema/agent.ts";
import { cityTables } from "../src/city/schema/city-tables.ts";
import { packTables } from "../src/city/schema/pack-tables.ts";
import { fixtureCities, fixtureFiles } from "./fixture-cities.ts";
import { schemaKeys, usedKeys } from "./schema-keys.ts";

const texts = fixtureCities()
  .flatMap((name) => Object.entries(fixtureFiles(name)))
  .filter(([path]) => path.endsWith(".toml"))
  .map(([path, text]) => ({ name: basename(path), text }));

const kinds: readonly (readonly [string, z.ZodType, (name: string) => boolean])[] = [
  ["city.toml", cityTables, (name) => name !== "pack.toml" && name !== "agent.toml"],
  ["pack.toml", packTables, (name) => name === "pack.toml"],
  ["agent.toml", agentFile, (name) => name === "agent.toml"],
];

/** These need a repository: see named-packs.test.ts. */
const elsewhere: ReadonlySet<string> = new Set(["packs.source", "packs.ref", "packs.path"]);

it.each(kinds)("the cities use every key of %s", (_what, schema, isOne) => {
  const used = new Set(texts.filter(({ name }) => isOne(name)).flatMap(({ text }) => usedKeys(parse(text), schema)));
  expect(schemaKeys(schema).filter((key) => !used.has(key) && !elsewhere.has(key))).toEqual([]);
});
