import { describe, expect, it } from "vitest";
import type { SessionConfig } from "../../city/session-config.ts";
import { type PodPlaces, podPlaces } from "./pod-places.ts";

function places(
  workDir: string,
  env: Record<string, string> = {},
  { prebaked = false, worktree = false } = {},
): PodPlaces {
  const rest = { command: "", processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
  const config: SessionConfig = { workDir, env: { GC_CITY: "/src/city", ...env }, ...rest, pod: { worktree } };
  return podPlaces(config, { prebaked });
}

describe("the places in a pod", () => {
  it.each([
    ["the city itself", "/src/city", {}, "/workspace"],
    ["no folder", "", {}, "/workspace"],
    ["a folder of the city", "/src/city/a/b", {}, "/workspace/a/b"],
    ["a folder that is called like the city", "/src/city-2", {}, "/workspace/.rigs/city-2"],
    ["a rig outside", "/src/app", { GC_RIG_ROOT: "/src/app" }, "/workspace/.rigs/app"],
    ["a part of a rig outside", "/src/app/web", { GC_RIG_ROOT: "/src/app" }, "/workspace/.rigs/app/web"],
    ["a folder outside its rig", "/tmp/x", { GC_RIG_ROOT: "/src/app" }, "/workspace/.rigs/x"],
    ["a folder, and no city is known", "/src/app", { GC_CITY: "" }, "/workspace"],
  ])("have a work dir for %s", (_, workDir, env, expected) => {
    expect(places(workDir, env).workDir).toBe(expected);
  });

  it.each([
    ["nothing where it works on the city", "/src/city", {}, undefined],
    ["its rig, which has the version control", "/src/city/app/web", { GC_RIG_ROOT: "/src/city/app" }, "/src/city/app"],
    ["its work dir where the rig has the city in it", "/src/web", { GC_RIG_ROOT: "/src" }, "/src/web"],
  ])("have as a session's own %s", (_, workDir, env, source) => {
    expect(places(workDir, env).own?.source).toBe(source);
  });

  it("have a path of the city or of the rig outside, and no other", () => {
    const { path } = places("/src/app/web", { GC_RIG_ROOT: "/src/app" });
    expect(["/src/app/.beads", "/src/app", "/src/city/x", "/src/apple", "/src"].map(path)).toEqual([
      "/workspace/.rigs/app/.beads",
      "/workspace/.rigs/app",
      "/workspace/x",
      undefined,
      undefined,
    ]);
  });

  it("leave all to an image that has the city in it", () => {
    const prebaked = true;
    expect(places("/src/app", {}, { prebaked }).workDir).toBe("/workspace");
    expect(places("/src/app", {}, { prebaked }).command("cd /src/app")).toBe("cd /src/app");
    expect(places("/src/city/a", {}, { prebaked }).workDir).toBe("/workspace/a");
  });

  it.each([
    ["its rig", "/src/city/app", "/workspace/app", "/workspace/.worktrees/app"],
    ["a part of its rig", "/src/city/app/web", "/workspace/app", "/workspace/.worktrees/app/web"],
    ["a folder outside", "/src/other", "/workspace/.rigs/other", "/workspace/.worktrees/other"],
    ["the city itself", "/src/city", "/workspace", "/workspace/.worktrees/city"],
  ])("have a worktree to work in, made of %s", (_, folder, repository, workDir) => {
    const found = places(folder, { GC_RIG_ROOT: "/src/city/app" }, { worktree: true });
    expect(found.worktree?.repository).toBe(repository);
    expect(found.workDir).toBe(workDir);
  });

  it("name the worktree in commands, and the repository in the environment", () => {
    const { command, path } = places("/src/city/app", {}, { worktree: true });
    expect(command("cd /src/city/app; ls /src/city/apps")).toBe("cd /workspace/.worktrees/app; ls /workspace/apps");
    expect(path("/src/city/app/.beads")).toBe("/workspace/app/.beads");
  });

  it.each([
    ["cd /src/app && /src/city/run", "cd /workspace/.rigs/app && /workspace/run"],
    [
      "ls '/src/app' /src/app/x; cat /src/app.",
      "ls '/workspace/.rigs/app' /workspace/.rigs/app/x; cat /workspace/.rigs/app.",
    ],
    ["ls /src/apple /src/app-2 /src/app.git /mnt/src/app", "ls /src/apple /src/app-2 /src/app.git /mnt/src/app"],
    ["ls /src/city-2", "ls /workspace-2"],
  ])("are named in the command %s", (command, expected) => {
    expect(places("/src/app").command(command)).toBe(expected);
  });

  it("are not looked for in what was put in", () => {
    expect(places("/src/app", { GC_CITY: "/work" }).command("ls /src/app /work")).toBe(
      "ls /workspace/.rigs/app /workspace",
    );
    expect(places("/work", { GC_CITY: "/work/city" }).command("ls /work/city/a /work/b")).toBe(
      "ls /workspace/a /workspace/.rigs/work/b",
    );
  });
});
