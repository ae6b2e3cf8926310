import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionConfig } from "../../city/session-config.ts";
import { prepareWorkDir } from "./prepare-work-dir.ts";

let root: string;
let workDir: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "gascity-prepare-"));
  workDir = join(root, "work");
});
afterEach(() => rm(root, { recursive: true }));

const env = { PATH: process.env["PATH"] ?? "" };

function prepare(change: Partial<SessionConfig>, signal = new AbortController().signal): Promise<void> {
  const none = { command: "", env: {}, processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
  return prepareWorkDir({ workDir, ...none, ...change }, env, signal);
}

it("runs where this process runs when no work dir is given", async () => {
  await prepare({ workDir: "", preStart: [`pwd >${JSON.stringify(join(root, "where"))}`] });
  expect(await readFile(join(root, "where"), "utf8")).toBe(`${process.cwd()}\n`);
});

describe("copied files", () => {
  beforeEach(async () => {
    await mkdir(join(root, "from/inner"), { recursive: true });
    await writeFile(join(root, "from/inner/file"), "new");
    await writeFile(join(root, "single"), "single");
  });

  it("puts a folder's content over what is there", async () => {
    await mkdir(join(workDir, "inner"), { recursive: true });
    await writeFile(join(workDir, "inner/file"), "old");
    await writeFile(join(workDir, "inner/kept"), "kept");
    await prepare({ overlayDir: join(root, "from") });
    expect(await readFile(join(workDir, "inner/file"), "utf8")).toBe("new");
    expect(await readFile(join(workDir, "inner/kept"), "utf8")).toBe("kept");
  });

  it("puts a file under its own name into the work dir, or under another below it", async () => {
    const src = join(root, "single");
    await prepare({ copyFiles: ["", "deep/other"].map((relDst) => ({ src, relDst })) });
    expect(await readFile(join(workDir, "single"), "utf8")).toBe("single");
    expect(await readFile(join(workDir, "deep/other"), "utf8")).toBe("single");
  });

  it("skips what does not exist, and what is already in its place", async () => {
    const copyFiles = [
      { src: workDir, relDst: "" },
      { src: join(root, "none"), relDst: "x" },
    ];
    await prepare({ overlayDir: join(root, "none"), copyFiles });
    expect(await readdir(workDir)).toEqual([]);
  });

  it("says when the work dir cannot be made", async () => {
    await expect(prepare({ workDir: join(root, "single/below") })).rejects.toMatchObject({
      problem: { code: "session-failed", reason: expect.stringContaining("single") },
    });
  });
});

describe("pre_start", () => {
  it("runs in the work dir, in order, with the agent's environment", async () => {
    await prepare({ preStart: ["echo $GC_ALIAS >> out", "pwd >> out"], env: { GC_ALIAS: "a" } });
    expect(await readFile(join(workDir, "out"), "utf8")).toBe(`a\n${workDir}\n`);
  });

  it.each([
    ["what it printed as an error", "echo said; echo why >&2; exit 3", "why"],
    ["what it printed", "echo said; exit 3", "said"],
    ["its exit code", "exit 3", "exit code 3"],
  ])("fails with %s, and runs nothing after it", async (_, command, why) => {
    await expect(prepare({ preStart: [command, "touch later"] })).rejects.toMatchObject({
      problem: { code: "session-failed", reason: `pre_start "${command}" failed: ${why}` },
    });
    expect(await readdir(workDir)).toEqual([]);
  });

  it("ends with all it has started when the start is given up", async () => {
    const abort = new AbortController();
    const done = prepare({ preStart: ["sleep 1000 & echo $! > pid.part; mv pid.part pid; wait"] }, abort.signal);
    const pid = await vi.waitFor(async () => Number(await readFile(join(workDir, "pid"), "utf8")), 10_000);
    abort.abort(new Error("given up"));
    await expect(done).rejects.toThrow("given up");
    const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
    expect(stdout).toMatch(/^(?:Z|$)/u);
  });
});
