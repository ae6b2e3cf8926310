import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { everyNewCity } from "../../src/city/new-city/example-new-cities.ts";
import { newCityFiles } from "../../src/city/new-city/new-city.ts";
import { runGc } from "./gc.ts";
import { writeCity } from "./write-city.ts";

describe("a new city loads in gc without a warning", () => {
  it.each(everyNewCity)("%s", async (_what, city) => {
    const root = await mkdtemp(join(tmpdir(), "gascity-new-"));
    try {
      writeCity(root, Object.fromEntries(newCityFiles(city)));
      const result = await runGc(root, ["config", "show", "--validate"]);
      expect(result).toEqual({ stdout: expect.stringMatching(/valid/iu) as string, stderr: "", code: 0 });
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
