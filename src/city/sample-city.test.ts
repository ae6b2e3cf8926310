import { resolve } from "node:path";
import { expect, it } from "vitest";
import { diskFiles } from "./files/disk-files.ts";
import { loadCity } from "./load-city.ts";

it("the sample city loads without a word, and keeps three agents running", () => {
  const { city, diagnostics } = loadCity({ root: resolve("media/sample-city"), env: {}, files: diskFiles });
  expect(diagnostics).toEqual([]);
  expect(city?.sessions.filter(({ wanted }) => wanted).map(({ name }) => name)).toEqual([
    "mayor",
    "scribe",
    "runner-1",
  ]);
});
