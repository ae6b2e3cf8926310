import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LocalTmux } from "../../../test/local-tmux.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { silentLog } from "../../lib/log.ts";
import { shellQuote } from "../../lib/shell-quote.ts";
import type { SessionProvider, SessionSnapshot } from "../session-provider.ts";
import { openTmuxSessions } from "./tmux-session-provider.ts";

let tmux: LocalTmux;
let workDir: string;
let provider: SessionProvider;

beforeEach(async () => {
  tmux = new LocalTmux();
  workDir = mkdtempSync(join(tmpdir(), "gascity-work-"));
  vi.stubEnv("TMUX_TMPDIR", tmux.folder);
  vi.stubEnv("VSCODE_SECRET", "editor");
  provider = await openTmuxSessions({ socket: "default", log: silentLog });
});
afterEach(() => {
  provider.dispose();
  tmux.dispose();
  rmSync(workDir, { recursive: true });
  vi.unstubAllEnvs();
});

const soon = (): AbortSignal => AbortSignal.timeout(20_000);

function config(command: string, change: Partial<SessionConfig> = {}): SessionConfig {
  const none = { processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
  return { workDir, command, env: { GC_ALIAS: "a" }, ...none, ...change };
}

/** What the provider's watch has told last. */
function watch(): () => SessionSnapshot {
  let last: SessionSnapshot | undefined;
  provider.watch((snapshot) => {
    last = snapshot;
  });
  return () => last ?? { synced: false, sessions: new Map(), problem: undefined };
}

/** The state of a process as ps tells it; empty when there is none. */
function stateOf(pid: number): string {
  return tmux.run(["ps", "-o", "stat=", "-p", String(pid)]).stdout;
}

describe("start", () => {
  it("prepares the work dir, gives the agent its own environment and nothing of the editor's, and types the nudge", async () => {
    const overlay = join(workDir, "overlay");
    await mkdir(overlay);
    await writeFile(join(overlay, "from-overlay"), "");
    const change = {
      workDir: join(workDir, "deep/er"),
      preStart: ["echo $GC_ALIAS > prepared"],
      overlayDir: overlay,
      nudge: "hello",
    };
    await provider.start("a", config("env > seen; exec cat", change), soon());
    expect(await readFile(join(workDir, "deep/er/prepared"), "utf8")).toBe("a\n");
    await readFile(join(workDir, "deep/er/from-overlay"));
    const seen = await readFile(join(workDir, "deep/er/seen"), "utf8");
    expect(seen).toMatch(/^GC_ALIAS=a$/mu);
    expect(seen).toMatch(/^HOME=./mu);
    expect(seen).not.toMatch(/VSCODE|NODE_|VITEST/u);
    await vi.waitFor(async () => expect(await provider.peek("a", 0)).toMatch(/hello\nhello/u), 10_000);
  });

  it("gives the agent its prompt, even one that is longer than tmux takes", async () => {
    const prompt = "it's $HOME\n".repeat(4000);
    const promptSuffix = shellQuote(prompt);
    await provider.start(
      "a",
      config(`sh -c 'printf %s "$2" > told; exec cat' sh`, { promptSuffix, promptFlag: "-p" }),
      soon(),
    );
    expect(await readFile(join(workDir, "told"), "utf8")).toBe(prompt);
  });

  it("refuses a session that runs, and replaces one that has ended", async () => {
    await provider.start("a", config("until [ -e end ]; do sleep 0.05; done"), soon());
    await expect(provider.start("a", config("cat"), soon())).rejects.toMatchObject({
      problem: { code: "session-exists" },
    });
    await writeFile(join(workDir, "end"), "");
    await vi.waitFor(async () => expect(await provider.list()).toMatchObject([{ state: "exited" }]), 10_000);
    await provider.start("a", config("cat"), soon());
    expect(await provider.list()).toMatchObject([{ name: "a", state: "running" }]);
  });

  it("says the last words of an agent that ends at once, and leaves nothing of it", async () => {
    await expect(provider.start("a", config("echo no key; sleep 0.1; exit 1"), soon())).rejects.toMatchObject({
      problem: { code: "session-died", reason: "a ended as soon as it was started: no key" },
    });
    expect(await provider.list()).toEqual([]);
  });

  it.each([
    ["a name that tmux would change", "a.b", {}, /cannot be the name/u],
    ["a failing pre_start", "a", { preStart: ["echo no disk >&2; exit 1"] }, /no disk/u],
  ])("explains %s", async (_, name, change, words) => {
    await expect(provider.start(name, config("cat", change), soon())).rejects.toThrow(words);
    expect(await provider.list()).toEqual([]);
  });

  it.each([17_000, 200_000])("explains that %i characters are more than tmux takes", async (length) => {
    const env = { PROMPT: "x".repeat(length) };
    await expect(provider.start("a", config("cat", { env }), soon())).rejects.toMatchObject({
      problem: { code: "unsupported", reason: expect.stringContaining("16 KiB") },
    });
    expect(await provider.list()).toEqual([]);
  });
});

describe("stop", () => {
  it("ends the agent with all it has started, also one that ignores SIGHUP", async () => {
    await provider.start("a", config("trap '' HUP; sleep 1000 & echo child $!; wait"), soon());
    await vi.waitFor(async () => expect(await provider.peek("a", 0)).toMatch(/child \d+/u), 10_000);
    const pid = Number(/child (\d+)/u.exec(await provider.peek("a", 0))?.[1]);
    await provider.stop("a", soon());
    // Whoever inherits it may take a moment to reap it.
    expect(stateOf(pid)).toMatch(/^(?:Z|$)/u);
    await provider.stop("a", soon());
  });

  it("leaves a session alone whose name only begins alike", async () => {
    await provider.start("ab", config("cat"), soon());
    await provider.stop("a", soon());
    expect(await provider.list()).toMatchObject([{ name: "ab" }]);
  });
});

describe("watch", () => {
  it("sees a foreign server come, its sessions come, end and go, and the server go", async () => {
    const seen = watch();
    await vi.waitFor(() => expect(seen()).toMatchObject({ synced: true, problem: undefined }), 10_000);
    tmux.tmux("new-session", "-d", "-s", "first", "cat");
    await vi.waitFor(() => expect(seen().sessions.get("first")).toMatchObject({ state: "running" }), 10_000);
    tmux.tmux("new-session", "-d", "-s", "second", "sleep 0.2; exit 7", ";", "set-option", "remain-on-exit", "on");
    await vi.waitFor(() => expect(seen().sessions.get("second")).toMatchObject({ state: "running" }), 10_000);
    const first = seen().sessions.get("first");
    await vi.waitFor(
      () =>
        expect(seen().sessions.get("second")).toMatchObject({
          state: "exited",
          reason: "ended with exit code 7",
        }),
      4000,
    );
    expect(seen().sessions.get("first")).toBe(first);
    tmux.tmux("kill-session", "-t", "second");
    await vi.waitFor(() => expect(seen().sessions.has("second")).toBe(false), 10_000);
    tmux.tmux("kill-server");
    await vi.waitFor(() => expect(seen().sessions.size).toBe(0), 10_000);
    tmux.tmux("new-session", "-d", "-s", "third", "cat");
    await vi.waitFor(() => expect(seen().sessions.has("third")).toBe(true), 10_000);
  });

  it("gives a session that was made anew another id", async () => {
    const seen = watch();
    await provider.start("a", config("cat"), soon());
    await vi.waitFor(() => expect(seen().sessions.has("a")).toBe(true), 10_000);
    const before = seen().sessions.get("a")?.id;
    await provider.stop("a", soon());
    await provider.start("a", config("cat"), soon());
    await vi.waitFor(() => expect(seen().sessions.get("a")?.id).not.toBe(before), 10_000);
  });

  it("leaves no hook behind when it is disposed", async () => {
    const seen = watch();
    await provider.start("a", config("cat"), soon());
    await vi.waitFor(() => expect(tmux.tmux("show-hooks", "-g")).toMatch(/wait-for -S gascity/u), 10_000);
    await vi.waitFor(() => expect(seen().sessions.has("a")).toBe(true), 10_000);
    provider.dispose();
    await vi.waitFor(() => expect(tmux.tmux("show-hooks", "-g")).not.toMatch(/gascity/u), 10_000);
  });
});

describe("attach", () => {
  it("names a program that shows the session, and fails without one", async () => {
    await expect(provider.attach("a")).rejects.toMatchObject({ problem: { code: "session-missing" } });
    await provider.start("a", config("cat"), soon());
    expect(await provider.attach("a")).toEqual({
      kind: "program",
      file: "tmux",
      args: ["-u", "-L", "default", "attach-session", "-t", "=a"],
    });
  });
});

it("says how to get tmux when it is missing", async () => {
  vi.stubEnv("PATH", workDir);
  await expect(openTmuxSessions({ socket: "x", log: silentLog })).rejects.toMatchObject({
    problem: { code: "tmux-missing", action: expect.stringContaining("apt-get install tmux") },
  });
});
