import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { silentLog } from "../lib/log.ts";
import { SourceWatch } from "./source-watch.ts";

/** A city's folder, and a watch that tells of each change by itself. */
interface Watched {
  readonly root: string;
  readonly watch: SourceWatch;
  /** How often it has told. */
  readonly changes: () => number;
  /** Changes until the watch, which needs a moment to begin, has told of one; how often that was. */
  readonly told: (change: () => Promise<unknown>) => Promise<number>;
}

const it = test.extend<{ watched: Watched }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads from it what a fixture needs.
  watched: async ({}, use) => {
    const root = await mkdtemp(join(tmpdir(), "gascity-watch-"));
    for (const folder of ["agents", ".gc", "pack"]) await mkdir(join(root, folder));
    await writeFile(join(root, "city.toml"), "");
    let changes = 0;
    const watch = new SourceWatch(() => (changes += 1), silentLog, 0);
    const told: Watched["told"] = async (change) => {
      const before = changes;
      for (let count = 1; ; count += 1) {
        await change();
        const seen = vi.waitFor(() => expect(changes).toBeGreaterThan(before), { timeout: 100, interval: 5 });
        const [{ status }] = await Promise.allSettled([seen]);
        if (status === "fulfilled") return count;
      }
    };
    await use({ root, watch, changes: () => changes, told });
    watch.dispose();
    await rm(root, { recursive: true });
  },
});

const paths = (root: string, files: readonly string[], folders: readonly string[] = []) => ({
  files: new Set(files.map((file) => join(root, file))),
  folders: new Set(folders.map((folder) => join(root, folder))),
});
const city = (root: string) => paths(root, ["city.toml"], ["agents"]);
const write = (root: string, file: string) => () => writeFile(join(root, file), String(Math.random()));

describe.concurrent("SourceWatch", () => {
  it("tells of a file that is written, or replaced by another", async ({ watched: { root, watch, told } }) => {
    watch.follow(city(root), Date.now());
    await told(write(root, "city.toml"));
    await told(async () => {
      await write(root, "city.toml.new")();
      await rename(join(root, "city.toml.new"), join(root, "city.toml"));
    });
  });

  it("tells of an agent's folder that comes", async ({ watched: { root, watch, told } }) => {
    watch.follow(city(root), Date.now());
    let count = 0;
    await told(() => mkdir(join(root, "agents", `a${(count += 1)}`)));
  });

  it("follows what the city is read from now", async ({ watched: { root, watch, told } }) => {
    watch.follow(city(root), Date.now());
    await told(write(root, "city.toml"));
    watch.follow(paths(root, ["pack/pack.toml"]), Date.now());
    await told(write(root, "pack/pack.toml"));
  });

  it("tells of what came between the reading and the watching, and of nothing that was read", async ({ watched }) => {
    const { root, watch, changes, told } = watched;
    const readAt = Date.now();
    await mkdir(join(root, "agents", "a"));
    await write(root, "agents/a/agent.toml")();
    watch.follow(paths(root, [], ["agents/a"]), readAt);
    await vi.waitFor(() => expect(changes()).toBeGreaterThan(0));
    const before = changes();
    watch.follow(paths(root, ["pack/pack.toml"], ["agents"]), Infinity);
    expect(changes() - before).toBeLessThanOrEqual(await told(write(root, "pack/pack.toml")));
  });

  it("tells of changes that never end", async ({ watched: { root, watch, told } }) => {
    watch.follow(city(root), Date.now());
    await told(write(root, "city.toml"));
    const heard: string[] = [];
    const patient = new SourceWatch(() => heard.push("changed"), silentLog, 50);
    patient.follow(city(root), Date.now());
    while (heard.length === 0) await write(root, "city.toml")();
    patient.dispose();
  });

  it("passes over what gc itself writes", async ({ watched: { root, watch, changes, told } }) => {
    watch.follow(paths(root, ["city.toml", ".gc/events.jsonl"]), Infinity);
    await told(write(root, "city.toml"));
    const before = changes();
    await write(root, ".gc/events.jsonl")();
    const written = await told(write(root, "city.toml"));
    expect(changes() - before).toBeLessThanOrEqual(written);
  });
});
