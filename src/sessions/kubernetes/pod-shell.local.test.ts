import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { tmuxTest } from "../../../test/tmux-test.ts";
import type { AgentShell } from "../agent-shell.ts";
import { podPlaces } from "./pod-places.ts";
import { podShell } from "./pod-shell.ts";

const limits = { limit: 5000, signal: AbortSignal.timeout(20_000) };

/** The shell of a pod of the city `/city`; this machine is the pod. */
const it = tmuxTest.extend<{ shell: AgentShell }>({
  shell: async ({ tmux }, use) => {
    const config = { workDir: "", command: "", env: { GC_CITY: "/city" }, nudge: "", overlayDir: "" };
    const lists = { processNames: [], preStart: [], copyFiles: [] };
    const calls = {
      run: async (_: unknown, __: string, argv: readonly string[], options?: { input?: string }) =>
        tmux.run(argv, options?.input),
    };
    const places = podPlaces({ ...config, ...lists }, { prebaked: false });
    await use(podShell(calls, { podName: "a", uid: "1", session: "demo--a" }, places));
  },
});

describe.concurrent("a shell in a pod", () => {
  it.for([
    ["nothing of what succeeds", "echo fine", ""],
    ["what was printed as an error", "echo said; echo why >&2; exit 3", "why"],
    ["what was printed", "echo said; exit 3", "said"],
    ["the exit code", "exit 3", "exit code 3"],
    ["the name of the session in the pod's tmux", "echo $GC_SESSION; false", "main"],
    ["the city where the pod has it", "echo /city/kit; false", "/workspace/kit"],
  ] as const)("tells %s", async ([, command, told], { shell }) => {
    expect(await shell.run(command, limits)).toBe(told);
  });

  it("ends what takes too long, and tells what it said", async ({ shell }) => {
    expect(await shell.run("echo waiting; exec sleep 1000", { ...limits, limit: 200 })).toBe(
      "it took longer than 0.2 s; it said: waiting",
    );
  });

  it("runs a script of the controller's machine by the program it names, and leaves nothing", async ({
    shell,
    tmux,
  }) => {
    const script = join(tmux.folder, "script");
    await writeFile(script, '#!/usr/bin/env bash\nwords=(a b); echo "${words[1]} $0"; [ -z "$(cat)" ]; exit 1\n');
    const [word, place = ""] = (await shell.runScript(script, limits)).split(" ");
    expect(word).toBe("b");
    expect(await tmux.run(["cat", place])).toMatchObject({ exitCode: 1 });
  });

  it("lets tmux find the session by the agent's own name, and takes the name for no more", async ({ shell, tmux }) => {
    tmux.startAgent();
    await tmux.run(["tmux", "new-session", "-d", "-s", "demo--ab", "cat"]);
    const theme =
      "set-option -t demo--a status-left demo--a; tmux set-option -wt =demo--a: @x 1; tmux rename-window -t demo--ab: y";
    expect(await shell.run(`tmux ${theme}`, limits)).toBe("");
    expect(tmux.tmux("show-options", "-t", "main:", "-v", "status-left")).toBe("demo--a\n");
    expect(tmux.tmux("list-windows", "-t", "demo--ab", "-F", "#W")).toBe("y\n");
  });

  it("says that a script cannot be read", async ({ shell }) => {
    expect(await shell.runScript("/no/such/script", limits)).toMatch(/no such file.*\/no\/such\/script/iu);
  });
});
