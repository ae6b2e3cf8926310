import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { loadCity } from "./load-city.ts";

it("the sample city loads without a word, and keeps three agents running", async () => {
  const text = await readFile("media/sample-city/city.toml", "utf8");
  const { city, diagnostics } = loadCity({ text, root: "/cities/sample", env: {} });
  expect(diagnostics).toEqual([]);
  expect(city?.sessions.filter(({ wanted }) => wanted).map(({ name }) => name)).toEqual([
    "mayor",
    "scribe",
    "runner-1",
  ]);
});
