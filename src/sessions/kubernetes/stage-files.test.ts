import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { runningPod } from "../../../test/pod-view.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { silentLog } from "../../lib/log.ts";
import type { CommandResult } from "./pod-calls.ts";
import { type StageTools, stageFiles } from "./stage-files.ts";
import type { StagingCopy } from "./staging-plan.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "gascity-stage-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const none = { command: "", processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };

/** Stages a session's files into a pod that takes note of what it is given and has `files`, by their last names. */
async function stage(config: Partial<SessionConfig>, files: readonly string[] = []) {
  const copies: StagingCopy[] = [];
  const commands: string[] = [];
  const said: string[] = [];
  const run = (argv: readonly string[]): CommandResult => {
    commands.push(argv.join(" "));
    const [, asked] = /\btest -[ef] (\S+)/u.exec(argv.join(" ")) ?? [];
    const missing = asked !== undefined && !files.includes(basename(asked));
    return { exitCode: missing ? 1 : 0, stdout: "", stderr: "" };
  };
  const tools: StageTools = {
    calls: {
      run: async (_, __, argv) => run(argv),
      copy: async (_, __, copy, { command = ["true"] }) => {
        for (const path of ["x.log", "x.pem", "x"]) copy.leaveOut(path);
        copies.push(copy);
        return run(command);
      },
    },
    settings: { prebaked: false },
    log: { ...silentLog, debug: (message) => void said.push(message) },
  };
  const all = { ...none, workDir: folder, env: { GC_CITY: folder }, ...config };
  await stageFiles(tools, runningPod(), "stage", all, ["/mark"], AbortSignal.timeout(10_000));
  return { copies, said, commands };
}

it("leaves what git ignores behind and says so, but copies what the city names itself", async () => {
  execFileSync("git", ["init", "-q", folder]);
  writeFileSync(join(folder, ".gitignore"), "*.log\n");
  for (const name of ["x.log", "x.pem", "x"]) writeFileSync(join(folder, name), "");
  const { copies, said } = await stage({ copyFiles: [{ src: join(folder, "x.log"), relDst: "" }] });
  const [city, file] = copies;
  expect(["x.log", "x.pem", "x"].map((path) => city?.leaveOut(path))).toEqual([true, true, false]);
  expect(file?.leaveOut("x.log")).toBe(false);
  expect(said).toEqual([`${runningPod().podName} gets ${folder} without x.log, x.pem`]);
});

it("brings a work dir that its city ignores as a whole", async () => {
  execFileSync("git", ["init", "-q", folder]);
  writeFileSync(join(folder, ".gitignore"), "work\n");
  mkdirSync(join(folder, "work"));
  writeFileSync(join(folder, "work", "x"), "");
  const { copies } = await stage({ workDir: join(folder, "work") });
  expect(copies.map(({ source, leaveOut }) => [source, leaveOut("x")])).toEqual([
    [folder, false],
    [join(folder, "work"), false],
  ]);
});

it.each([
  ["that has nothing", [], true, true],
  ["with what was brought before it had worktrees", [".gascity-staged"], false, true],
  ["with a worktree whose first start was broken off", [".git"], true, true],
  ["with a worktree", [".gascity-staged", ".git"], false, false],
])("on a volume %s, brings what is missing and keeps the rest", async (_, files, brings, adds) => {
  const pod = { storage: "1Gi", worktree: true };
  const { copies, commands } = await stage({ pod }, files);
  expect(copies.some(({ isWork }) => isWork)).toBe(brings);
  expect(commands.some((command) => command.includes("worktree add"))).toBe(adds);
});

it("makes the work dir in the last command, and the marks once somebody knows that this has succeeded", async () => {
  const { commands } = await stage({});
  const [, script = ""] = /^sh -c ([^]*) sh \/workspace {2}\/mark$/u.exec(commands.at(-1) ?? "") ?? [];
  const [work, mark, other] = ["a/b", "mark", "other"].map((name) => join(folder, name)) as [string, string, string];
  spawn("sh", ["-c", script, "sh", work, "", mark], { stdio: "ignore" });
  // Nobody takes note of its end as long as this turn lasts.
  while (!existsSync(`${mark}~`));
  const end = performance.now() + 300;
  while (performance.now() < end) expect(existsSync(mark)).toBe(false);
  await vi.waitFor(() => expect(existsSync(mark)).toBe(true), 10_000);
  const fails = (): unknown => execFileSync("sh", ["-c", script, "sh", "/proc/none", "", other], { stdio: "pipe" });
  expect(existsSync(work)).toBe(true);
  expect(fails).toThrow(/cannot create directory/u);
  expect(readdirSync(folder).sort()).toEqual(["a", "mark"]);
});
