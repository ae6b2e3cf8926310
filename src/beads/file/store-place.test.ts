import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { beadsFile } from "./store-place.ts";

let city: string;
beforeEach(() => {
  city = mkdtempSync(join(tmpdir(), "gascity-place-"));
  mkdirSync(join(city, ".gc"));
});
afterEach(() => rmSync(city, { recursive: true }));

const layout = (text: string): void => writeFileSync(join(city, ".gc", "file-beads-layout"), text);

it("is the city's for its rigs too", async () => {
  const shared = join(city, ".gc", "beads.json");
  expect(await beadsFile(city)).toBe(shared);
  expect(await beadsFile(city, "/rig")).toBe(shared);
  layout("some-other-v9\n");
  expect(await beadsFile(city, "/rig")).toBe(shared);
});

it("is each rig's own where the city says so", async () => {
  layout("scope-local-v1\n");
  expect(await beadsFile(city, "/rig")).toBe(join("/rig", ".gc", "beads.json"));
  expect(await beadsFile(city)).toBe(join(city, ".gc", "beads.json"));
});
