import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { addWorktree, hasWorktree } from "./pod-worktree.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gascity-worktree-"));
  mkdirSync(repository());
});
afterEach(() => rmSync(root, { recursive: true }));

const repository = (): string => join(root, "app");
const folder = (): string => join(root, "trees", "it's app");
const git = (place: string, ...args: string[]): string =>
  execFileSync("git", ["-C", place, "-c", "user.name=a", "-c", "user.email=a@b", ...args], { encoding: "utf8" }).trim();

/** A repository with one commit, and a change that is in none. */
function commitOnce(): void {
  git(repository(), "init", "-q");
  writeFileSync(join(repository(), "code"), "committed");
  git(repository(), "add", ".");
  git(repository(), "commit", "-qm", "first");
  writeFileSync(join(repository(), "code"), "changed");
}

/** This machine is the pod. */
const intake = {
  pod: { podName: "demo-coder-1", uid: "1" },
  run: async ([program = "", ...args]: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
    return { exitCode: status ?? -1, stdout, stderr };
  },
};
const worktree = (): { repository: string; folder: string } => ({ repository: repository(), folder: folder() });
const add = (): Promise<void> => addWorktree(intake, worktree());
const has = (): Promise<boolean> => hasWorktree(intake, worktree());

it("is the last commit on a branch of its own", async () => {
  commitOnce();
  expect(await has()).toBe(false);
  await add();
  expect(await has()).toBe(true);
  expect(readFileSync(join(folder(), "code"), "utf8")).toBe("committed");
  expect(git(folder(), "branch", "--show-current")).toBe("gc/demo-coder-1");
});

it("goes on with a branch that the repository has, also where that has checked it out", async () => {
  commitOnce();
  git(repository(), "switch", "-qc", "gc/demo-coder-1");
  git(repository(), "commit", "-qam", "second");
  await add();
  expect(git(folder(), "log", "-1", "--format=%s")).toBe("second");
});

it("takes the place of one that was half made", async () => {
  commitOnce();
  await add();
  rmSync(join(folder(), "code"));
  writeFileSync(join(folder(), "rest"), "");
  await add();
  expect(git(folder(), "status", "--porcelain")).toBe("");
});

it("does not run the hooks of the repository", async () => {
  commitOnce();
  const hook = join(repository(), ".git", "hooks", "post-checkout");
  writeFileSync(hook, "#!/bin/sh\nexit 1\n");
  chmodSync(hook, 0o755);
  await add();
  expect(await has()).toBe(true);
});

it.each([
  ["is none", () => {}, /not a git repository/u],
  ["has no commit", () => void git(repository(), "init", "-q"), /HEAD/u],
])("says why when the repository %s", async (_, prepare, reason) => {
  prepare();
  const problem = { code: "session-failed", reason: expect.stringMatching(reason) as unknown };
  await expect(add()).rejects.toMatchObject({ problem });
});
