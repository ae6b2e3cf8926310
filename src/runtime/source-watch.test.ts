import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { silentLog } from "../lib/log.ts";
import { SourceWatch } from "./source-watch.ts";

let root: string;
let watch: SourceWatch;
let changes: number;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "gascity-watch-"));
  for (const folder of ["agents", ".gc", "pack"]) await mkdir(join(root, folder));
  await writeFile(join(root, "city.toml"), "");
  changes = 0;
  watch = new SourceWatch(() => (changes += 1), silentLog);
});
afterEach(async () => {
  watch.dispose();
  await rm(root, { recursive: true });
});

const paths = (files: readonly string[], folders: readonly string[] = []) => ({
  files: new Set(files.map((file) => join(root, file))),
  folders: new Set(folders.map((folder) => join(root, folder))),
});
const city = () => paths(["city.toml"], ["agents"]);

/** Changes until the watch, which needs a moment to begin, has told of one. */
async function told(change: () => Promise<unknown>): Promise<void> {
  const before = changes;
  await vi.waitFor(
    async () => {
      await change();
      await vi.waitFor(() => expect(changes).toBeGreaterThan(before), { timeout: 500, interval: 10 });
    },
    { timeout: 5000, interval: 10 },
  );
}

it("tells of a file that is written, or replaced by another", async () => {
  watch.follow(city());
  await told(() => writeFile(join(root, "city.toml"), String(Math.random())));
  await told(async () => {
    await writeFile(join(root, "city.toml.new"), String(Math.random()));
    await rename(join(root, "city.toml.new"), join(root, "city.toml"));
  });
});

it("tells of an agent's folder that comes", async () => {
  watch.follow(city());
  let count = 0;
  await told(() => mkdir(join(root, "agents", `a${(count += 1)}`)));
});

it("follows what the city is read from now", async () => {
  watch.follow(city());
  await told(() => writeFile(join(root, "city.toml"), String(Math.random())));
  watch.follow(paths(["pack/pack.toml"]));
  await told(() => writeFile(join(root, "pack/pack.toml"), String(Math.random())));
});

it("passes over what gc itself writes", async () => {
  watch.follow(paths(["city.toml", ".gc/events.jsonl"]));
  await told(() => writeFile(join(root, "city.toml"), String(Math.random())));
  const before = changes;
  await writeFile(join(root, ".gc/events.jsonl"), "x");
  await told(() => writeFile(join(root, "city.toml"), String(Math.random())));
  expect(changes - before).toBeLessThanOrEqual(2);
});
