import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { silentLog } from "../../lib/log.ts";
import { ignoredFiles } from "./ignored-files.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "gascity-ignored-"))));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
const git = (place: string, ...args: string[]): void =>
  void execFileSync("git", ["-C", join(folder, place), ...args], { stdio: "ignore" });
const repository = (place: string): void => git(place, "init");

const nothing: (path: string) => boolean = () => false;

const ignored = async (place = "", leaveOut = nothing, log = silentLog): Promise<string[]> =>
  [...(await ignoredFiles(join(folder, place), leaveOut, log, AbortSignal.timeout(10_000)))].toSorted();

it("names ignored files, and folders once, by their own names", async () => {
  write({ ".gitignore": "*.log\nbuild/\n", "build/a/b": "", "größe 1/x.log": "", "größe 1/y": "", "src/z": "" });
  repository("");
  expect(await ignored()).toEqual(["build", "größe 1/x.log"]);
});

it("goes by the repository's other rules, and keeps what is tracked", async () => {
  write({ "kept.log": "", "mine.txt": "", ".git/info/exclude": "*.txt\n", ".gitignore": "*.log" });
  repository("");
  git("", "add", "-f", "kept.log");
  expect(await ignored()).toEqual(["mine.txt"]);
});

it("asks the repositories below, but not below what stays behind anyhow", async () => {
  write({ "rigs/a/.gitignore": "dist", "rigs/a/dist/x": "", ".gc/b/.gitignore": "dist", ".gc/b/dist/x": "" });
  repository("rigs/a");
  repository(".gc/b");
  expect(await ignored("", (path) => path === ".gc")).toEqual(["rigs/a/dist"]);
});

it("goes by the rules above a folder, unless they ignore the folder itself", async () => {
  write({ ".gitignore": "*.log\nwork/\n", "sub/x.log": "", "sub/y": "", "work/x.log": "", "work/deep/y.log": "" });
  repository("");
  expect(await ignored("sub")).toEqual(["x.log"]);
  expect(await ignored("work")).toEqual([]);
  expect(await ignored("work/deep")).toEqual([]);
});

it("finds nothing without a repository, and tells of one that git cannot read", async () => {
  write({ ".gitignore": "*", x: "" });
  const warn = vi.fn();
  expect(await ignored("", nothing, { ...silentLog, warn })).toEqual([]);
  expect(warn).not.toHaveBeenCalled();
  write({ ".git": "gitdir: /nowhere" });
  expect(await ignored("", nothing, { ...silentLog, warn })).toEqual([]);
  expect(warn).toHaveBeenCalledOnce();
});

it("is not misled by the environment, and runs no program that the repository names", async () => {
  write({ ".gitignore": "*.log", "x.log": "", spy: `#!/bin/sh\ntouch ${folder}/ran\n` });
  repository("");
  git("", "config", "core.fsmonitor", `sh ${folder}/spy`);
  vi.stubEnv("GIT_DIR", "/nowhere");
  expect(await ignored()).toEqual(["x.log"]);
  expect(existsSync(join(folder, "ran"))).toBe(false);
});
