import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockFile, tryLockFile } from "./file-lock.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gascity-lock-"));
  file = join(folder, "some", "lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Whether somebody else's flock(1) finds it free. */
async function isFree(): Promise<boolean> {
  const [code] = await once(spawn("flock", ["--nonblock", file, "true"]), "exit");
  return code === 0;
}

/** Another process that has our lock and says so. */
async function otherHolder(): Promise<ChildProcess> {
  const script = `
    import { lockFile } from ${JSON.stringify(join(import.meta.dirname, "file-lock.ts"))};
    await lockFile(${JSON.stringify(file)});
    // It is held although nobody keeps it.
    await new Promise(setImmediate);
    globalThis.gc();
    await new Promise(setImmediate);
    console.log("held");
    setInterval(() => {}, 1000);`;
  const child = spawn(execPath, ["--expose-gc", "--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

it("keeps others out until it is let go, also those who call flock by hand", async () => {
  const lock = await lockFile(file);
  expect([await isFree(), await tryLockFile(file)]).toEqual([false, undefined]);
  await lock[Symbol.asyncDispose]();
  expect(await isFree()).toBe(true);
  const again = await tryLockFile(file);
  expect([again === undefined, await isFree()]).toEqual([false, false]);
  await again?.[Symbol.asyncDispose]();
});

it("is not inherited by programs that are started meanwhile", async () => {
  const lock = await lockFile(file);
  const child = spawn("cat", { stdio: ["pipe", "ignore", "ignore"] });
  await lock[Symbol.asyncDispose]();
  expect(await isFree()).toBe(true);
  child.stdin.end();
  await once(child, "exit");
});

it("goes to one after another", async () => {
  const first = await lockFile(file);
  const order: string[] = [];
  const others = ["a", "b", "c"].map(async (name) => {
    await using _lock = await lockFile(file);
    order.push(`${name} in`);
    await new Promise(setImmediate);
    order.push(`${name} out`);
  });
  expect(order).toEqual([]);
  await first[Symbol.asyncDispose]();
  await Promise.all(others);
  for (let at = 0; at < order.length; at += 2) expect(order[at + 1]).toBe(order[at]?.replace("in", "out"));
  expect(order).toHaveLength(6);
});

it("is free again when its holder is killed", async () => {
  const holder = await otherHolder();
  expect(await tryLockFile(file)).toBeUndefined();
  const waiting = lockFile(file);
  holder.kill("SIGKILL");
  const lock = await waiting;
  await lock[Symbol.asyncDispose]();
});

it("is not waited for longer than was said, and nobody gets it afterwards", async () => {
  const holder = await otherHolder();
  await expect(lockFile(file, { wait: 50 })).rejects.toMatchObject({ problem: { code: "lock-held" } });
  await expect(lockFile(file, { wait: 50 })).rejects.toThrow(file);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  expect(await isFree()).toBe(true);
});

it("is a file of the mode that was said, which stays", async () => {
  const lock = await tryLockFile(file, { mode: 0o600 });
  await lock?.[Symbol.asyncDispose]();
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("says what is missing on a machine without flock", async () => {
  const path = process.env["PATH"];
  process.env["PATH"] = folder;
  try {
    await expect(lockFile(file)).rejects.toMatchObject({ problem: { code: "unsupported" } });
  } finally {
    process.env["PATH"] = path;
  }
});
