import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { isAlive } from "../../../test/machine/is-alive.ts";
import { endProcessTree } from "./process-tree.ts";

/** Runs a script; resolves with its process and the first line that it prints. */
async function start(script: string): Promise<{ readonly pid: number; readonly line: string }> {
  const child = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [chunk] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  return { pid: child.pid ?? 0, line: chunk.trim() };
}

it("ends a process and what it has started", async () => {
  const { pid, line } = await start("sh -c 'sleep 1000 & echo $!; wait' & wait");
  await endProcessTree(pid, process.pid);
  expect([await isAlive(pid), await isAlive(Number(line))]).toEqual([false, false]);
});

it("kills what does not heed SIGTERM, with what it starts in answer to it", async () => {
  // Nobody else's on this machine.
  const nap = `sleep 1${process.pid}`;
  const { pid, line } = await start(`trap '${nap} &' TERM; echo $$; while :; do sleep 0.05; done`);
  expect(Number(line)).toBe(pid);
  await endProcessTree(pid, process.pid, 1000);
  const commands = (): string => execFileSync("ps", ["-A", "-o", "stat=,args="], { encoding: "utf8" });
  await expect.poll(() => isAlive(pid)).toBe(false);
  await expect.poll(commands).not.toMatch(/^[^Z\n]*sleep 1001$/mu);
});

it("leaves a process alone that is somebody else's child", async () => {
  const { pid } = await start("echo up; exec sleep 1000");
  await endProcessTree(pid, 1);
  expect(await isAlive(pid)).toBe(true);
});
