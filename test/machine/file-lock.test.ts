import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFile } from "./file-lock.ts";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "gascity-"))));
afterEach(() => rm(folder, { recursive: true }));

test("the second holder waits for the first", async () => {
  const file = join(folder, "lock");
  const order: string[] = [];
  const first = await lockFile(file);
  const second = lockFile(file).then((lock) => {
    order.push("second has it");
    return lock;
  });
  // A third party sees it taken, so the second cannot have it either.
  const probe = spawn("flock", ["--nonblock", file, "true"]);
  expect(await once(probe, "exit")).toEqual([1, null]);
  order.push("first lets go");
  await first[Symbol.asyncDispose]();
  await (await second)[Symbol.asyncDispose]();
  expect(order).toEqual(["first lets go", "second has it"]);
});

test("the lock of a process that is killed is free again", async () => {
  const file = join(folder, "lock");
  const script = `
    import { lockFile } from ${JSON.stringify(join(import.meta.dirname, "file-lock.ts"))};
    await lockFile(${JSON.stringify(file)});
    console.log("held");
    setInterval(() => {}, 1000);`;
  const holder = spawn(execPath, ["--input-type=module", "--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  holder.kill("SIGKILL");
  const lock = await lockFile(file);
  await lock[Symbol.asyncDispose]();
});
