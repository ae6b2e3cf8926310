import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "smol-toml";
import { afterAll, describe, expect, it } from "vitest";
import { composeCity, type ComposedCity } from "../../src/city/compose/compose-city.ts";
import { Provenance } from "../../src/city/compose/provenance.ts";
import { withoutZeros } from "../../src/city/compose/zero-values.ts";
import { diskFiles } from "../../src/city/files/disk-files.ts";
import { validateCity } from "../../src/city/validate/validate-city.ts";
import { gc, gcNeeded, runGc } from "./gc.ts";
import { copyCity, writeCity } from "./write-city.ts";
import { refusedCities } from "./refused-cities.ts";

const fixtures = join(import.meta.dirname, "../fixtures/cities");
const folder = mkdtempSync(join(tmpdir(), "gascity-interop-"));
afterAll(() => rmSync(folder, { recursive: true }));

function compose(root: string): ComposedCity {
  return composeCity(diskFiles, root, { env: { HOME: join(root, ".home") }, systemPacks: false });
}

function isValid(city: ComposedCity): boolean {
  return [...city.findings, ...validateCity(city)].every(({ severity }) => severity === "warning");
}

if (gc === undefined) {
  it.runIf(process.env["CI"])("gc is here", () => expect.fail(gcNeeded));
  console.log(gcNeeded);
}

describe.skipIf(gc === undefined)("our composed city is gc's", () => {
  it.each(readdirSync(fixtures).sort())("%s", async (name) => {
    const root = join(folder, name);
    copyCity(join(fixtures, name), root);
    const shown = await runGc(root, "config", "show");
    expect(shown.code, shown.stderr).toBe(0);
    const city = compose(root);
    const theirs = withoutZeros(parse(shown.stdout), "", new Provenance());
    expect(city.config).toEqual(theirs);
    const validated = await runGc(root, "config", "show", "--validate");
    expect(isValid(city), validated.stderr).toBe(validated.code === 0);
  });
});

describe.skipIf(gc === undefined)("what gc refuses, we refuse", () => {
  it.each(Object.entries(refusedCities))("%s", async (name, texts) => {
    const root = join(folder, name.replaceAll(" ", "-"));
    writeCity(root, texts);
    const { code, stderr } = await runGc(root, "config", "show", "--validate");
    expect(code, "gc takes it").toBe(1);
    expect(isValid(compose(root)), stderr).toBe(false);
  });
});
