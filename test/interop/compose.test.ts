import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fixtureCities, fixtureFolder, fixtureRoot, shownFile } from "../fixture-cities.ts";
import { composeAsShown, expectSameCity, isValid, validateWithGc } from "./compare.ts";
import { keptDifferences } from "./kept-differences.ts";
import { refusedCities } from "./refused-cities.ts";
import { warnedCities } from "./warned-cities.ts";
import { copyCity, writeCity } from "./write-city.ts";

const folder = mkdtempSync(join(tmpdir(), "gascity-interop-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("our composed city is gc's", () => {
  it.each(fixtureCities())("%s", async (name) => {
    const root = join(folder, name);
    copyCity(fixtureFolder(name), root);
    const shown = await expectSameCity(root);
    await expect(shown.replaceAll(root, fixtureRoot)).toMatchFileSnapshot(shownFile(name));
  });
});

describe("what gc refuses, we refuse", () => {
  it.each(Object.entries(refusedCities))("%s", async (name, texts) => {
    const root = join(folder, name.replaceAll(" ", "-"));
    writeCity(root, texts);
    const theirs = await validateWithGc(root);
    expect(theirs.isValid, "gc takes it").toBe(false);
    expect(isValid(composeAsShown(root)), theirs.said).toBe(false);
  });
});

describe("what we warn of, gc takes, and makes the same of it", () => {
  it.each(Object.entries(warnedCities))("%s", async (name, texts) => {
    const root = join(folder, name.replaceAll(" ", "-"));
    writeCity(root, texts);
    await expectSameCity(root);
    expect(isValid(composeAsShown(root))).toBe(true);
  });
});

describe("a difference that is meant", () => {
  it.each(Object.entries(keptDifferences))("%s", async (name, { texts, ours }) => {
    const root = join(folder, name.replaceAll(" ", "-"));
    writeCity(root, texts);
    const theirs = await validateWithGc(root);
    expect(theirs.isValid, theirs.said).toBe(ours === "refused");
    expect(isValid(composeAsShown(root))).toBe(ours === "taken");
  });
});
