import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, vi } from "vitest";
import { isAlive } from "../../../test/machine/is-alive.ts";
import { providerContract } from "../../../test/provider-contract.ts";
import { tmuxTest } from "../../../test/tmux-test.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { silentLog } from "../../lib/log.ts";
import { shellQuote } from "../../lib/shell-quote.ts";
import type { SessionProvider, SessionSnapshot } from "../session-provider.ts";
import { openTmuxSessions } from "./tmux-session-provider.ts";

interface Fixtures {
  readonly workDir: string;
  readonly provider: SessionProvider;
  /** Starts an agent in the work dir. */
  readonly start: (name: string, command: string, change?: Partial<SessionConfig>) => Promise<void>;
}

const soon = (): AbortSignal => AbortSignal.timeout(20_000);

const it = tmuxTest.extend<Fixtures>({
  workDir: async ({ tmux }, use) => {
    const workDir = join(tmux.folder, "work");
    await mkdir(workDir);
    await use(workDir);
  },
  provider: async ({ tmux }, use) => {
    const env = { ...process.env, TMUX_TMPDIR: tmux.folder, VSCODE_SECRET: "editor" };
    const provider = await openTmuxSessions({ socket: "default", log: silentLog, env });
    await use(provider);
    provider.dispose();
  },
  start: async ({ provider, workDir }, use) => {
    const none = { processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
    await use((name, command, change) =>
      provider.start(name, { workDir, command, env: { GC_ALIAS: "a" }, ...none, ...change }, soon()),
    );
  },
});

/** What the provider's watch has told last. */
function watch(provider: SessionProvider): () => SessionSnapshot {
  let last: SessionSnapshot | undefined;
  provider.watch((snapshot) => {
    last = snapshot;
  });
  return () => last ?? { synced: false, sessions: new Map(), problem: undefined };
}

describe.concurrent("as every provider", () => {
  it.for(Object.entries(providerContract))("%s", async ([, holds], { provider, start }) => {
    await holds({ provider, start });
  });
});

describe.concurrent("start", () => {
  it("prepares the work dir, gives the agent its own environment and nothing of the editor's, and types the nudge", async ({
    provider,
    start,
    workDir,
  }) => {
    const overlay = join(workDir, "overlay");
    await mkdir(overlay);
    await writeFile(join(overlay, "from-overlay"), "");
    const change = {
      workDir: join(workDir, "deep/er"),
      preStart: ["echo $GC_ALIAS > prepared"],
      overlayDir: overlay,
      nudge: "hello",
    };
    await start("a", "env > seen; exec cat", change);
    expect(await readFile(join(workDir, "deep/er/prepared"), "utf8")).toBe("a\n");
    await readFile(join(workDir, "deep/er/from-overlay"));
    await vi.waitFor(async () => expect(await provider.peek("a", 0)).toMatch(/hello\nhello/u), 10_000);
    const seen = await readFile(join(workDir, "deep/er/seen"), "utf8");
    expect(seen).toMatch(/^GC_ALIAS=a$/mu);
    expect(seen).toMatch(/^HOME=./mu);
    expect(seen).not.toMatch(/VSCODE|NODE_|VITEST/u);
  });

  it("gives the agent its prompt, even one that is longer than tmux takes", async ({ start, workDir }) => {
    const prompt = "it's $HOME\n".repeat(4000);
    const command = `sh -c 'printf %s "$2" > told; exec cat' sh`;
    await start("a", command, { promptSuffix: shellQuote(prompt), promptFlag: "-p" });
    await vi.waitFor(async () => expect(await readFile(join(workDir, "told"), "utf8")).toBe(prompt), 10_000);
  });

  it("refuses a session that runs, and replaces one that has ended", async ({ provider, start, workDir }) => {
    await start("a", "until [ -e end ]; do sleep 0.05; done");
    await expect(start("a", "cat")).rejects.toMatchObject({ problem: { code: "session-exists" } });
    await writeFile(join(workDir, "end"), "");
    await vi.waitFor(async () => expect(await provider.list()).toMatchObject([{ state: "exited" }]), 10_000);
    await start("a", "cat");
    expect(await provider.list()).toMatchObject([{ name: "a", state: "running" }]);
  });

  it("replaces one that has lost its program, as when that ran in a shell", async ({ provider, start, workDir }) => {
    const processNames = ["sleep 12[3]4"];
    await start("a", "sleep 1234; exec cat");
    await expect(start("a", "cat", { processNames })).rejects.toMatchObject({ problem: { code: "session-exists" } });
    await provider.interrupt("a");
    await vi.waitFor(async () => expect(await provider.processAlive("a", processNames)).toBe(false), 10_000);
    await start("a", "touch new; exec sleep 1234", { processNames, readyDelay: 1 });
    await readFile(join(workDir, "new"));
  });

  it.for([
    ["a name that tmux would change", "a.b", {}, /cannot be the name/u],
    ["a failing pre_start", "a", { preStart: ["echo no disk >&2; exit 1"] }, /no disk/u],
  ] as const)("explains %s", async ([, name, change, words], { provider, start }) => {
    await expect(start(name, "cat", change)).rejects.toThrow(words);
    expect(await provider.list()).toEqual([]);
  });

  it.for([17_000, 200_000])(
    "explains that %i characters are more than tmux takes",
    async (length, { provider, start }) => {
      await expect(start("a", "cat", { env: { PROMPT: "x".repeat(length) } })).rejects.toMatchObject({
        problem: { code: "unsupported", reason: expect.stringContaining("16 KiB") as string },
      });
      expect(await provider.list()).toEqual([]);
    },
  );
});

describe.concurrent("start where an agent must live long to count as started", () => {
  // Longer than any machine takes for the agent's end; it is seen as soon as it comes.
  const patient = it.override({
    provider: async ({ tmux }, use) => {
      const env = { ...process.env, TMUX_TMPDIR: tmux.folder };
      const provider = await openTmuxSessions({ socket: "default", log: silentLog, env, settle: 20_000 });
      await use(provider);
      provider.dispose();
    },
  });

  patient(
    "says the last words of an agent that ends at once, and leaves nothing of it",
    async ({ provider, start }) => {
      await expect(start("a", "echo no key; sleep 0.1; exit 1")).rejects.toMatchObject({
        problem: { code: "session-died", reason: "a ended as soon as it was started: no key" },
      });
      expect(await provider.list()).toEqual([]);
    },
  );
});

describe.concurrent("with gc on the same socket", () => {
  it("takes over a session that gc has made", async ({ provider, tmux, workDir }) => {
    const env = ["-e", "GC_SESSION_ID=gc-7", "-e", "GC_ALIAS=mayor"];
    tmux.tmux("new-session", "-d", "-s", "demo--mayor", "-c", workDir, ...env, "cat");
    tmux.tmux("set-option", "-t", "demo--mayor", "remain-on-exit", "on");
    tmux.tmux("set-environment", "-t", "demo--mayor", "GC_DRAIN", "1");
    expect(await provider.list()).toMatchObject([{ name: "demo--mayor", state: "running" }]);
    const notes = ["GC_SESSION_ID", "GC_ALIAS", "GC_DRAIN"];
    expect(await Promise.all(notes.map((key) => provider.getMeta("demo--mayor", key)))).toEqual(["gc-7", "mayor", "1"]);
    await provider.nudge("demo--mayor", "hello");
    await vi.waitFor(async () => expect(await provider.peek("demo--mayor", 0)).toBe("hello\nhello\n"), 10_000);
    await provider.stop("demo--mayor", soon());
    expect(await provider.list()).toEqual([]);
  });

  it("leaves sessions that gc can take over", async ({ provider, start, tmux, workDir }) => {
    await start("demo--mayor", "read -r go; exit 3", { env: { GC_SESSION_ID: "gc-7", GC_RIG: "" } });
    await provider.setMeta("demo--mayor", "GC_DRAIN", "1");
    const shown = tmux.tmux("show-environment", "-t", "demo--mayor").split("\n");
    expect(shown).toEqual(expect.arrayContaining(["GC_SESSION_ID=gc-7", "GC_DRAIN=1"]));
    const options = [
      tmux.tmux("show-options", "-t", "demo--mayor"),
      tmux.tmux("show-options", "-w", "-t", "demo--mayor"),
    ].join("");
    for (const option of ["window-size latest", "mouse off", "monitor-activity off", "remain-on-exit on"]) {
      expect(options).toContain(`${option}\n`);
    }
    await provider.nudge("demo--mayor", "go");
    const pane = (): string => tmux.tmux("list-panes", "-t", "demo--mayor", "-F", "#{pane_dead} #{session_path}");
    await vi.waitFor(() => expect(pane()).toBe(`1 ${workDir}\n`), 10_000);
  });
});

describe.concurrent("isAttached", () => {
  it("is so while anybody's terminal shows the session, however many do", async ({ provider, start, tmux }) => {
    await start("a", "cat");
    expect(await provider.isAttached("a")).toBe(false);
    const terminal = (...args: string[]): string => tmux.tmux("-L", "terminal", ...args);
    const clients = (): number => tmux.tmux("list-clients", "-t", "=a").split("\n").length - 1;
    for (const name of ["one", "two", "three"]) {
      terminal("new-session", "-d", "-s", name, "env -u TMUX tmux -L default attach-session -t =a");
      await vi.waitFor(() => expect(clients()).toBeGreaterThan(0), 10_000);
      expect(await provider.isAttached("a")).toBe(true);
    }
    await vi.waitFor(() => expect(clients()).toBe(3), 10_000);
    expect(await provider.isAttached("a")).toBe(true);
    terminal("kill-server");
    await vi.waitFor(async () => expect(await provider.isAttached("a")).toBe(false), 10_000);
  });
});

describe.concurrent("stop", () => {
  it("ends the agent with all it has started, also one that ignores SIGHUP", async ({ provider, start }) => {
    await start("a", "trap '' HUP; sleep 1000 & echo child $!; wait");
    await vi.waitFor(async () => expect(await provider.peek("a", 0)).toMatch(/child \d+\n/u), 10_000);
    const pid = Number(/child (\d+)/u.exec(await provider.peek("a", 0))?.[1]);
    expect(await isAlive(pid)).toBe(true);
    await provider.stop("a", soon());
    expect(await isAlive(pid)).toBe(false);
    await provider.stop("a", soon());
  });

  it("leaves a session alone whose name only begins alike", async ({ provider, start }) => {
    await start("ab", "cat");
    await provider.stop("a", soon());
    expect(await provider.list()).toMatchObject([{ name: "ab" }]);
  });
});

describe.concurrent("watch", () => {
  it("sees a foreign server come, its sessions come, end and go, and the server go", async ({ provider, tmux }) => {
    const seen = watch(provider);
    await vi.waitFor(() => expect(seen()).toMatchObject({ synced: true, problem: undefined }), 10_000);
    tmux.tmux("new-session", "-d", "-s", "first", "cat");
    await vi.waitFor(() => expect(seen().sessions.get("first")).toMatchObject({ state: "running" }), 10_000);
    tmux.tmux("new-session", "-d", "-s", "second", "read -r line; exit 7", ";", "set-option", "remain-on-exit", "on");
    await vi.waitFor(() => expect(seen().sessions.get("second")).toMatchObject({ state: "running" }), 10_000);
    const first = seen().sessions.get("first");
    tmux.tmux("send-keys", "-t", "=second:", "Enter");
    const ended = { state: "exited", reason: "ended with exit code 7" };
    await vi.waitFor(() => expect(seen().sessions.get("second")).toMatchObject(ended), 10_000);
    expect(seen().sessions.get("first")).toBe(first);
    tmux.tmux("kill-session", "-t", "second");
    await vi.waitFor(() => expect(seen().sessions.has("second")).toBe(false), 10_000);
    tmux.tmux("kill-server");
    await vi.waitFor(() => expect(seen().sessions.size).toBe(0), 10_000);
    tmux.tmux("new-session", "-d", "-s", "third", "cat");
    await vi.waitFor(() => expect(seen().sessions.has("third")).toBe(true), 10_000);
  });

  it("gives a session that was made anew another id", async ({ provider, start }) => {
    const seen = watch(provider);
    await start("a", "cat");
    await vi.waitFor(() => expect(seen().sessions.has("a")).toBe(true), 10_000);
    const before = seen().sessions.get("a")?.id;
    await provider.stop("a", soon());
    await start("a", "cat");
    await vi.waitFor(() => expect(seen().sessions.get("a")?.id).not.toBe(before), 10_000);
  });

  it("leaves no hook behind when it is disposed", async ({ provider, start, tmux }) => {
    const seen = watch(provider);
    await start("a", "cat");
    await vi.waitFor(() => expect(tmux.tmux("show-hooks", "-g")).toMatch(/wait-for -S gascity/u), 10_000);
    await vi.waitFor(() => expect(seen().sessions.has("a")).toBe(true), 10_000);
    provider.dispose();
    await vi.waitFor(() => expect(tmux.tmux("show-hooks", "-g")).not.toMatch(/gascity/u), 10_000);
  });
});

describe.concurrent("attach", () => {
  it("names a program that shows the session, and fails without one", async ({ provider, start }) => {
    await expect(provider.attach("a")).rejects.toMatchObject({ problem: { code: "session-missing" } });
    await start("a", "cat");
    expect(await provider.attach("a")).toEqual({
      kind: "program",
      file: "tmux",
      args: ["-u", "-L", "default", "attach-session", "-t", "=a"],
    });
  });
});

it("says how to get tmux when it is missing", async ({ workDir }) => {
  const env = { PATH: workDir };
  await expect(openTmuxSessions({ socket: "x", log: silentLog, env })).rejects.toMatchObject({
    problem: { code: "tmux-missing", action: expect.stringContaining("apt-get install tmux") as string },
  });
});
