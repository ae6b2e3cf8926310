import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type CacheEntry, cachedEntry } from "./cached-entry.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "gascity-"));
  vi.stubEnv("XDG_CACHE_HOME", home);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

function entry(recipe: string, build: CacheEntry["build"]): CacheEntry {
  return { name: "thing", recipe, build };
}

async function folders(): Promise<string[]> {
  return (await readdir(join(home, "gascity"))).filter((name) => !name.endsWith(".lock"));
}

test("an entry is built once for its recipe, and anew for another", async () => {
  const build = vi.fn<CacheEntry["build"]>((into) => writeFile(join(into, "file"), "content"));
  const first = await cachedEntry(entry("a", build));
  expect(await readFile(join(first, "file"), "utf8")).toBe("content");
  expect(await cachedEntry(entry("a", build))).toBe(first);
  expect(build).toHaveBeenCalledTimes(1);
  expect(await cachedEntry(entry("b", build))).not.toBe(first);
  expect(build).toHaveBeenCalledTimes(2);
});

test("two at once build it once", async () => {
  const build = vi.fn<CacheEntry["build"]>((into) => writeFile(join(into, "file"), "content"));
  const both = await Promise.all([cachedEntry(entry("a", build)), cachedEntry(entry("a", build))]);
  expect(both[0]).toBe(both[1]);
  expect(build).toHaveBeenCalledTimes(1);
});

test("a build that fails leaves no entry, and its remains do not reach the next", async () => {
  const fail = async (into: string): Promise<void> => {
    await writeFile(join(into, "half"), "");
    throw new Error("no network");
  };
  await expect(cachedEntry(entry("a", fail))).rejects.toThrow("no network");
  const folder = await cachedEntry(entry("a", (into) => writeFile(join(into, "whole"), "")));
  expect(await readdir(folder)).toEqual(["whole"]);
});

test("an entry that nobody used for a month is removed when a new one is built", async () => {
  const old = await cachedEntry(entry("a", async () => {}));
  const recent = await cachedEntry(entry("b", async () => {}));
  const longAgo = new Date(Date.now() - 40 * 24 * 3600 * 1000);
  await utimes(old, longAgo, longAgo);
  const newest = await cachedEntry(entry("c", async () => {}));
  expect((await folders()).map((name) => join(home, "gascity", name)).toSorted()).toEqual([recent, newest].toSorted());
});
