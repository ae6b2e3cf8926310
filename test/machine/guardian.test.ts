import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "gascity-"))));
afterEach(() => rm(folder, { recursive: true }));

/** Runs a process that sets up a guardian that writes `$1`, and then does as it is told. */
function guarded(then: string): ReturnType<typeof spawn> {
  const script = `
    import { guard } from ${JSON.stringify(join(import.meta.dirname, "guardian.ts"))};
    const guardian = guard('echo done >"$1"', [${JSON.stringify(join(folder, "trace"))}]);
    ${then}`;
  return spawn(execPath, ["--input-type=module", "--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
}

test("the script runs when its owner is killed", async () => {
  const owner = guarded(`console.log("ready"); setInterval(() => {}, 1000);`);
  if (owner.stdout) await once(owner.stdout, "data");
  expect(existsSync(join(folder, "trace"))).toBe(false);
  owner.kill("SIGKILL");
  await expect.poll(() => existsSync(join(folder, "trace"))).toBe(true);
});

test("the owner ends although a guardian is there, and then the script runs", async () => {
  expect(await once(guarded(""), "exit")).toEqual([0, null]);
  await expect.poll(() => existsSync(join(folder, "trace"))).toBe(true);
});
