import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { agentPlan } from "../../test/reconciled-world.ts";
import { silentLog } from "../lib/log.ts";
import { runCheck } from "./run-check.ts";
import { ScaleChecks } from "./scale-checks.ts";

const folder = mkdtempSync(join(tmpdir(), "gascity-checks-"));
const env = { PATH: process.env["PATH"] };

function check(command: string, limit = 10_000, signal = new AbortController().signal) {
  return runCheck(command, folder, { env, limit, signal });
}

describe("a check", () => {
  it.concurrent("says what it printed", async () => {
    expect(await check("echo 3")).toEqual({ text: "3\n", problem: "" });
  });

  it.concurrent("says why it failed", async () => {
    expect(await check("echo no database >&2; exit 2")).toMatchObject({ problem: "no database" });
  });

  it.concurrent("that hangs is killed with all that it has started", async () => {
    const { problem } = await check("sleep 1000 & sleep 1000", 200);
    expect(problem).toMatch(/took longer/u);
  });

  it.concurrent("that floods is killed", async () => {
    expect((await check("yes")).problem).toMatch(/64 KiB/u);
  });

  it.concurrent("whose folder is gone says so", async () => {
    const limits = { env, limit: 10_000, signal: new AbortController().signal };
    expect((await runCheck("echo 3", "/nowhere/at/all", limits)).problem).not.toBe("");
  });
});

describe("scale checks", () => {
  const asking = (command: string) => [agentPlan("coder", { scaleCheck: { command, folder } })];

  it.concurrent("count what their commands print, and tell when that changes", async () => {
    const checks = new ScaleChecks(silentLog, env);
    await new Promise<void>((resolve) => checks.run(asking("echo 4"), resolve));
    expect(checks.counts).toEqual(new Map([["coder", 4]]));
    await new Promise<void>((resolve) => checks.run(asking("echo many"), resolve));
    expect(checks.counts).toEqual(new Map());
  });

  it.concurrent("are not run twice at once, and end with their owner", async () => {
    const checks = new ScaleChecks(silentLog, env);
    const marks = `echo x >>marks-$$; sleep 1000`;
    const changed = (): void => expect.unreachable("nothing was printed");
    checks.run(asking(marks), changed);
    checks.run(asking(marks), changed);
    checks.dispose();
    expect(checks.counts.size).toBe(0);
  });
});
