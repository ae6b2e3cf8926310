import { describe, expect, it } from "vitest";
import type { SessionConfig } from "../../city/session-config.ts";
import { copiedFiles, stagingPlan } from "./staging-plan.ts";

const config: SessionConfig = {
  workDir: "/c",
  command: "",
  env: { GC_CITY: "/c" },
  processNames: [],
  nudge: "",
  preStart: [],
  overlayDir: "",
  copyFiles: [],
};
const places = (change: Partial<SessionConfig>): string[][] =>
  stagingPlan({ ...config, ...change }, { prebaked: false }).map(({ source, destination }) => [source, destination]);

describe("stagingPlan", () => {
  it("brings the city to /workspace", () => {
    expect(places({})).toEqual([["/c", "/workspace"]]);
  });

  it.each([
    ".gc",
    ".git",
    ".beads",
    "rig/.git",
    ".env",
    "a/.env",
    "credentials.json",
    "x.pem",
    "deep/y.key",
    "z.secret",
  ])("leaves %s of the city behind", (path) => {
    expect(stagingPlan(config, { prebaked: false })[0]?.leaveOut(path)).toBe(true);
  });

  it.each(["city.toml", ".gitignore", ".env.example", "keys", "rig/credentials.txt", ".gce"])("takes %s", (path) => {
    expect(stagingPlan(config, { prebaked: false })[0]?.leaveOut(path)).toBe(false);
  });

  it("brings a work dir of its own with its version control, once", () => {
    const [city, work] = stagingPlan({ ...config, workDir: "/c/rigs/a" }, { prebaked: false });
    expect(city?.leaveOut("rigs/a")).toBe(true);
    expect(city?.leaveOut("rigs/ab")).toBe(false);
    expect(work).toMatchObject({ source: "/c/rigs/a", destination: "/workspace/rigs/a" });
    expect(work?.leaveOut(".git")).toBe(false);
    expect(work?.leaveOut("deploy.key")).toBe(true);
  });

  it("brings the version control of a city of which a worktree is made, and of nothing below", () => {
    const leaveOut = stagingPlan({ ...config, workDir: "/c", pod: { worktree: true } }, { prebaked: false })[0]
      ?.leaveOut;
    expect([".git", "rig/.git", ".beads"].map((path) => leaveOut?.(path))).toEqual([false, true, true]);
    const rig = stagingPlan({ ...config, workDir: "/c/a", pod: { worktree: true } }, { prebaked: false });
    expect(rig.map((copy) => copy.leaveOut(".git"))).toEqual([true, false]);
  });

  it("brings a work dir below the runtime folder, which the city leaves behind", () => {
    expect(places({ workDir: "/c/.gc/worktrees/a" })[1]).toEqual(["/c/.gc/worktrees/a", "/workspace/.gc/worktrees/a"]);
  });

  it("brings the rig of a work dir, apart from a city that it is not in", () => {
    const rig = (root: string) => ({ GC_CITY: "/c", GC_RIG_ROOT: root });
    expect(places({ workDir: "/c/a/web", env: rig("/c/a") })[1]).toEqual(["/c/a", "/workspace/a"]);
    expect(places({ workDir: "/src/a/web", env: rig("/src/a") })[1]).toEqual(["/src/a", "/workspace/.rigs/a"]);
  });

  it("brings single files to their places, and never out of the workspace", () => {
    const copied = (...copyFiles: SessionConfig["copyFiles"]) =>
      copiedFiles({ ...config, copyFiles }, { prebaked: false }).map(({ source, destination }) => [
        source,
        destination,
      ]);
    expect(copied({ src: "/c/notes.md", relDst: "docs/n.md" }, { src: "/c/kit", relDst: "" })).toEqual([
      ["/c/notes.md", "/workspace/docs/n.md"],
      ["/c/kit", "/workspace"],
    ]);
    expect(() => copied({ src: "/c/x", relDst: "a/../../etc" })).toThrow(/outside the workspace/u);
  });

  it("brings nothing to a prebaked image", () => {
    expect(stagingPlan(config, { prebaked: true })).toEqual([]);
    expect(copiedFiles({ ...config, copyFiles: [{ src: "/c/x", relDst: "" }] }, { prebaked: true })).toEqual([]);
  });
});
