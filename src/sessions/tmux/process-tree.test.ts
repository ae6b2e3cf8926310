import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import { endProcessTree } from "./process-tree.ts";

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Runs a script; resolves with its process and the first line that it prints. */
async function start(script: string): Promise<{ readonly pid: number; readonly line: string }> {
  const child = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  const [chunk] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  return { pid: child.pid ?? 0, line: chunk.trim() };
}

/** Whether a process lives; one that waits to be reaped does not. */
function lives(pid: number): boolean {
  const ps = (): string => execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  try {
    return !ps().startsWith("Z");
  } catch {
    return false;
  }
}

it("ends a process and what it has started", async () => {
  const { pid, line } = await start("sh -c 'sleep 1000 & echo $!; wait' & wait");
  await endProcessTree(pid, process.pid);
  expect([lives(pid), lives(Number(line))]).toEqual([false, false]);
});

it("kills what does not heed SIGTERM, with what it starts in answer to it", async () => {
  // Nobody else's on this machine.
  const nap = `sleep 1${process.pid}`;
  const { pid, line } = await start(`trap '${nap} &' TERM; echo $$; while :; do sleep 0.05; done`);
  expect(Number(line)).toBe(pid);
  await endProcessTree(pid, process.pid);
  expect(lives(pid)).toBe(false);
  const all = execFileSync("ps", ["-A", "-o", "stat=,args="], { encoding: "utf8" });
  expect(all).not.toMatch(new RegExp(`^[^Z\\n]*${nap}$`, "mu"));
});

it("leaves a process alone that is somebody else's child", async () => {
  const { pid } = await start("echo up; exec sleep 1000");
  await endProcessTree(pid, 1);
  expect(lives(pid)).toBe(true);
});
