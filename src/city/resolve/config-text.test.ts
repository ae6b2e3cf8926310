import { parse } from "smol-toml";
import { expect, it } from "vitest";
import { vectorCities, vectorFiles } from "../../../test/golden-vectors.ts";
import { composeCity } from "../compose/compose-city.ts";
import { memoryFiles } from "../files/memory-files.ts";
import { configText } from "./config-text.ts";

it.each(vectorCities())("%s is all in its text", (name) => {
  const { config } = composeCity(memoryFiles(vectorFiles(name)), `/city/${name}`, { implicitImports: false });
  expect(parse(configText(config))).toEqual(config);
});

it("an agent's name comes first, whatever its file says first", () => {
  const files = memoryFiles({ "/city/city.toml": '[[agent]]\nnudge = "hi"\ndir = "r"\nname = "a"\n' });
  expect(configText(composeCity(files, "/city").config)).toBe('[[agent]]\nname = "a"\ndir = "r"\nnudge = "hi"\n');
});
