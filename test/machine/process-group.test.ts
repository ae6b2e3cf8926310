import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath, kill } from "node:process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive } from "./is-alive.ts";
import { startProcessGroup } from "./process-group.ts";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "gascity-"))));
afterEach(() => rm(folder, { recursive: true }));

test("what the program started ends with it, even when it does not want to", { timeout: 20_000 }, async () => {
  const logFile = join(folder, "log");
  const script = `sh -c 'trap "" TERM; echo stubborn $$; while :; do sleep 1; done' & wait`;
  const group = await startProcessGroup("sh", ["-c", script], { logFile, grace: 300 });
  const readPid = async () =>
    (existsSync(logFile) ? /stubborn (\d+)/u.exec(await readFile(logFile, "utf8")) : null)?.[1];
  await expect.poll(readPid).toBeDefined();
  const pid = Number(await readPid());
  expect(kill(pid, 0)).toBe(true);
  await group[Symbol.asyncDispose]();
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test("the group ends when the process that started it is killed", async () => {
  const logFile = join(folder, "log");
  const script = `
    import { startProcessGroup } from ${JSON.stringify(join(import.meta.dirname, "process-group.ts"))};
    const group = await startProcessGroup("sh", ["-c", "sleep 1000 & wait"], { logFile: ${JSON.stringify(logFile)} });
    console.log(group.pid);`;
  const owner = spawn(execPath, ["--input-type=module", "--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [printed] = (await once(owner.stdout, "data")) as [Buffer];
  const pid = Number(printed.toString());
  expect(await isAlive(pid)).toBe(true);
  owner.kill("SIGKILL");
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test("a program that cannot be started is an error", async () => {
  await expect(startProcessGroup("/nowhere/program", [], { logFile: join(folder, "log") })).rejects.toThrow("ENOENT");
});
