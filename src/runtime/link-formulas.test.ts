import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { silentLog } from "../lib/log.ts";
import { linkFormulas } from "./link-formulas.ts";

let folder: string;
let place: string;
let source: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gascity-formulas-"));
  place = join(folder, ".beads", "formulas");
  source = join(folder, "source.toml");
  writeFileSync(source, "formula");
});
afterEach(() => rmSync(folder, { recursive: true }));

const link = (names: readonly string[], root = folder): Promise<void> =>
  linkFormulas([{ folder: root, formulas: new Map(names.map((name) => [name, source])) }], silentLog);

it("links formulas, and takes links away whose formula has gone", async () => {
  await link(["a.toml", "b.toml"]);
  expect(readlinkSync(join(place, "a.toml"))).toBe(source);
  expect(readFileSync(join(place, "b.toml"), "utf8")).toBe("formula");
  await link(["b.toml"]);
  expect(readdirSync(place)).toEqual(["b.toml"]);
  await link([]);
  expect(readdirSync(place)).toEqual([]);
});

it("leaves alone what is no link of its own, and leads others anew", async () => {
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "a.toml"), "written there");
  symlinkSync("/elsewhere", join(place, "b.toml"));
  symlinkSync("/elsewhere", join(place, "notes"));
  await link(["a.toml", "b.toml"]);
  expect(readFileSync(join(place, "a.toml"), "utf8")).toBe("written there");
  expect(readlinkSync(join(place, "b.toml"))).toBe(source);
  expect(readlinkSync(join(place, "notes"))).toBe("/elsewhere");
});

it("makes no folder for a rig that is not there, nor where there is no formula", async () => {
  await link(["a.toml"], join(folder, "missing"));
  await link([]);
  expect(readdirSync(folder)).toEqual(["source.toml"]);
});

it("tells what cannot be linked, and goes on", async () => {
  const blocked = join(folder, "blocked");
  mkdirSync(blocked);
  writeFileSync(join(blocked, ".beads"), "");
  const said: string[] = [];
  const formulas = new Map([["a.toml", source]]);
  await linkFormulas(
    [blocked, folder].map((root) => ({ folder: root, formulas })),
    {
      ...silentLog,
      warn: (message) => void said.push(message),
    },
  );
  expect(said).toEqual([expect.stringContaining(`the formulas of ${blocked} could not be linked`)]);
  expect(readdirSync(place)).toEqual(["a.toml"]);
});
