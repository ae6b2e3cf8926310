import { existsSync, readFileSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, vi } from "vitest";
import { answersOfFakeAgent, fakeAgent } from "../../test/fake-agent.ts";
import type { LocalTmux } from "../../test/local-tmux.ts";
import { tmuxTest } from "../../test/tmux-test.ts";
import type { SessionConfig } from "../city/session-config.ts";
import { type Log, silentLog } from "../lib/log.ts";
import { shellQuote } from "../lib/shell-quote.ts";
import { openTmuxSessions } from "./tmux/tmux-session-provider.ts";

interface Fixtures {
  /** What the log was told as a warning. */
  readonly warnings: string[];
  /** Starts the session `a` in tmux's folder, as a provider does. */
  readonly start: (command: string, change?: Partial<SessionConfig>) => Promise<void>;
}

const it = tmuxTest.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads from it what a fixture needs.
  warnings: async ({}, use) => use([]),
  start: async ({ tmux, warnings }, use) => {
    const log: Log = { ...silentLog, warn: (message) => warnings.push(message) };
    const provider = await openTmuxSessions({ socket: "default", log, env: tmux.env, settle: 1 });
    const none = { env: {}, processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
    await use((command, change) =>
      provider.start("a", { workDir: tmux.folder, command, ...none, ...change }, AbortSignal.timeout(20_000)),
    );
    provider.dispose();
  },
});

const agent = `sh -c ${shellQuote(fakeAgent)} sh`;
const hints = { readyPromptPrefix: "❯ ", emitsPermissionWarning: true };

function lines({ folder }: LocalTmux, file: string): readonly string[] {
  const path = join(folder, file);
  return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
}

describe.concurrent("an agent with dialogs and a prompt", () => {
  it("is asked nothing of anybody, and hears its first nudge when it shows its prompt", async ({
    start,
    tmux,
    warnings,
  }) => {
    await start(agent, { ...hints, nudge: "begin" });
    await vi.waitFor(() => expect(lines(tmux, "heard")).toEqual([...answersOfFakeAgent, "heard begin"]), 10_000);
    expect(warnings).toEqual([]);
  });

  it.for([
    ["as an argument", { promptSuffix: shellQuote("it's you") }, ["argument it's you"]],
    ["after a flag", { promptSuffix: shellQuote("it's you"), promptFlag: "-p" }, ["argument -p", "argument it's you"]],
  ] as const)("gets its prompt %s", async ([, change, heard], { start, tmux }) => {
    await start(agent, { ...hints, ...change });
    expect(lines(tmux, "heard")).toEqual([...heard, ...answersOfFakeAgent]);
  });

  it("stays when it does not show the prompt it should, and the log says so", async ({ start, tmux, warnings }) => {
    await start(agent, { ...hints, readyPromptPrefix: "never> ", startupTimeout: 500, nudge: "begin" });
    expect(warnings).toEqual([expect.stringContaining('has not shown its prompt "never> "')]);
    await vi.waitFor(() => expect(lines(tmux, "heard")).toContain("heard begin"), 10_000);
  });

  it("is not ready before its delay is over", async ({ start, tmux }) => {
    const begun = Date.now();
    await start(agent, { emitsPermissionWarning: true, readyDelay: 700 });
    expect(Date.now() - begun).toBeGreaterThanOrEqual(700);
    expect(lines(tmux, "heard")).toEqual(answersOfFakeAgent);
  });
});

describe.concurrent("any other program", () => {
  it("is not answered for when nobody says that it asks", async ({ start, tmux }) => {
    await start(agent, { readyPromptPrefix: "❯ ", startupTimeout: 400 });
    expect(lines(tmux, "heard")).toEqual([]);
  });

  it("that ends before it is ready fails the start, with its last words", async ({ start, tmux }) => {
    const start_ = start("echo no key; sleep 0.2; exit 1", { readyPromptPrefix: "❯ " });
    await expect(start_).rejects.toMatchObject({
      problem: { code: "session-died", reason: expect.stringContaining("no key") as string },
    });
    expect(() => tmux.tmux("has-session", "-t", "=a")).toThrow();
  });
});

describe.concurrent("setup", () => {
  it("runs in gc's order, beside the agent, where tmux means its session", async ({ start, tmux, warnings }) => {
    const script = join(tmux.folder, "set-up");
    await writeFile(script, "#!/bin/sh\necho script $GC_SESSION $GC_ALIAS >>steps\n");
    await chmod(script, 0o700);
    await start("cat", {
      env: { GC_ALIAS: "me" },
      preStart: ["echo before >>steps"],
      sessionSetup: ["echo setup >>steps"],
      sessionSetupScript: script,
      sessionLive: [
        "echo live >>steps",
        "tmux set-option status-left Z",
        "tmux -L $GC_TMUX_SOCKET set-option -t a @x y",
      ],
      nudge: "hello",
    });
    expect(lines(tmux, "steps")).toEqual(["before", "setup", "script a me", "live"]);
    expect(tmux.tmux("show-options", "-t", "=a:", "-v", "status-left")).toBe("Z\n");
    expect(tmux.tmux("show-options", "-t", "=a:", "-v", "@x")).toBe("y\n");
    expect(warnings).toEqual([]);
  });

  it("that fails or takes too long is told with its words, and the rest runs", async ({ start, tmux, warnings }) => {
    await start("cat", {
      setupTimeout: 3000,
      sessionSetup: ["echo no such colour >&2; exit 3", "sleep 1000", "echo third >steps"],
      sessionSetupScript: "/no/such/script",
      sessionLive: ["echo no theme; exit 4"],
    });
    expect(lines(tmux, "steps")).toEqual(["third"]);
    expect(warnings).toEqual([
      'a: session_setup "echo no such colour >&2; exit 3" failed: no such colour',
      'a: session_setup "sleep 1000" failed: it took longer than 3 s',
      expect.stringContaining("session_setup_script /no/such/script failed: "),
      'a: session_live "echo no theme; exit 4" failed: no theme',
    ]);
  });
});
