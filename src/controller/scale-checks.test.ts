import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { agentPlan } from "../../test/reconciled-world.ts";
import { silentLog } from "../lib/log.ts";
import { runCheck } from "./run-check.ts";
import { ScaleChecks } from "./scale-checks.ts";

const folder = mkdtempSync(join(tmpdir(), "gascity-checks-"));
afterAll(() => rmSync(folder, { recursive: true }));
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

  it.concurrent("say once why they do not count, and once that they do again", async () => {
    const said: string[] = [];
    const say = (message: string): void => void said.push(message);
    const checks = new ScaleChecks({ ...silentLog, warn: say, info: say }, env, 300);
    const asked = async (command: string): Promise<void> => {
      await new Promise<void>((resolve) => checks.run(asking(command), resolve));
    };
    await asked("echo 4");
    await asked("sleep 1000");
    expect(checks.problems.get("coder")).toMatch(/^it took longer/u);
    checks.run(asking("sleep 1000"), () => expect.unreachable("it is no news"));
    await vi.waitFor(() => {
      checks.run(asking("echo 4"), () => {});
      expect(checks.problems).toEqual(new Map());
    }, 10_000);
    expect(said).toEqual([
      expect.stringMatching(/^scale_check of coder does not count: it took longer .* Correct scale_check/u),
      "scale_check of coder counts again",
    ]);
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
