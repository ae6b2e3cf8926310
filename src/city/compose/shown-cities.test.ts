import { parse } from "smol-toml";
import { expect, it } from "vitest";
import { fixtureCities, fixtureFiles, fixtureRoot, readShown } from "../../../test/fixture-cities.ts";
import { memoryFiles } from "../files/memory-files.ts";
import { composeCity } from "./compose-city.ts";
import { Provenance } from "./provenance.ts";
import { withoutZeros } from "./zero-values.ts";

it.each(fixtureCities())("the city %s is composed as gc shows it", (name) => {
  const env = { HOME: `${fixtureRoot}/.home` };
  const city = composeCity(memoryFiles(fixtureFiles(name)), fixtureRoot, { env, systemPacks: false });
  expect(city.config).toEqual(withoutZeros(parse(readShown(name)), "", new Provenance()));
});
