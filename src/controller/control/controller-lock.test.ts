import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import { expect, it } from "vitest";
import { controllerCities } from "../../../test/controller-city.ts";
import { controllerLockPath } from "./controller-files.ts";
import { type HeldLock, takeControllerLock, untilUncontrolled } from "./controller-lock.ts";

const newCity = controllerCities();

async function takeOurs(root: string, wait?: number): Promise<HeldLock> {
  const taken = await takeControllerLock(root, wait);
  if (taken.kind === "theirs") expect.fail("somebody else holds it");
  return taken.lock;
}

it("is one process's at a time, in a file that only the user reads", async () => {
  const root = newCity();
  const lock = await takeOurs(root);
  expect(statSync(controllerLockPath(root)).mode & 0o777).toBe(0o600);
  expect(lock.isHeld()).toBe(true);
  expect(await takeControllerLock(root)).toEqual({ kind: "theirs", pid: undefined });
  await lock[Symbol.asyncDispose]();
  await lock[Symbol.asyncDispose]();
  expect(lock.isHeld()).toBe(false);
  await (await takeOurs(root))[Symbol.asyncDispose]();
});

it("excludes flock(1) and is excluded by it", async () => {
  const root = newCity();
  const lock = await takeOurs(root);
  const flock = (...args: string[]) =>
    spawn("flock", [...args.slice(0, -1), controllerLockPath(root), "sh", "-c", args.at(-1) ?? ""]);
  expect(await once(flock("-n", "true"), "close")).toEqual([1, null]);
  await lock[Symbol.asyncDispose]();
  const theirs = flock("echo held; exec cat");
  await once(theirs.stdout, "data");
  expect((await takeControllerLock(root)).kind).toBe("theirs");
  const waiting = takeOurs(root, 10_000);
  theirs.stdin.end();
  await (await waiting)[Symbol.asyncDispose]();
});

it("is free as soon as its holder is killed, and whoever watches hears of it", async () => {
  const root = newCity();
  const module = JSON.stringify(join(import.meta.dirname, "controller-lock.ts"));
  const program = `const { takeControllerLock } = await import(${module});
    console.log((await takeControllerLock(${JSON.stringify(root)})).kind); setInterval(() => {}, 1000);`;
  const holder = spawn(execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  expect(String((await once(holder.stdout, "data"))[0])).toBe("ours\n");
  const { signal } = new AbortController();
  let free = false;
  const watching = untilUncontrolled(root, signal).then(() => (free = true));
  expect((await takeControllerLock(root)).kind).toBe("theirs");
  expect(free).toBe(false);
  holder.kill("SIGKILL");
  await watching;
  await (await takeOurs(root))[Symbol.asyncDispose]();
});

it("stops watching when told", async () => {
  const root = newCity();
  await using lock = await takeOurs(root);
  const abort = new AbortController();
  const watching = untilUncontrolled(root, abort.signal);
  abort.abort();
  await expect(watching).rejects.toThrow("abort");
  expect(lock.isHeld()).toBe(true);
});

it("is no longer held once somebody has removed its file", async () => {
  const root = newCity();
  await using lost = await takeOurs(root);
  rmSync(controllerLockPath(root));
  expect(lost.isHeld()).toBe(false);
  await using next = await takeOurs(root);
  expect([lost.isHeld(), next.isHeld()]).toEqual([false, true]);
});
