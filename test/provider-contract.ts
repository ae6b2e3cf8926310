import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { problemOf } from "../src/lib/problem.ts";
import type { SessionProvider } from "../src/sessions/session-provider.ts";

/** A provider, and a way to start a session with a command in it. */
export interface ContractPlace {
  readonly provider: SessionProvider;
  readonly start: (session: string, command: string) => Promise<void>;
}

const soon = { timeout: 10_000, interval: 50 };

async function shows(provider: SessionProvider, session: string, text: string | RegExp): Promise<void> {
  await vi.waitFor(async () => expect(await provider.peek(session, 0)).toMatch(text), soon);
}

/** What every provider does in the same way: its name, and what has to hold of a place of its own. */
export const providerContract: Readonly<Record<string, (place: ContractPlace) => Promise<void>>> = {
  async "presses keys and types what is none"({ provider, start }) {
    await start("keys", 'sh -c \'trap "echo caught" INT; while read line; do echo "heard $line"; done; sleep 100\'');
    await provider.sendKeys("keys", []);
    await provider.sendKeys("keys", ["-l", "one;", "Enter"]);
    await shows(provider, "keys", "heard -lone;");
    await provider.sendKeys("keys", ["C-c"]);
    await shows(provider, "keys", "caught");
  },

  async "keeps notes on a session"({ provider, start }) {
    await start("notes", "sleep 100");
    assert.equal(await provider.getMeta("notes", "STATE"), "");
    for (const value of ["-x", "a = b;", "größe\n 'two' \"$HOME\"", ""]) {
      await provider.setMeta("notes", "STATE", value);
      assert.equal(await provider.getMeta("notes", "STATE"), value);
    }
    await provider.setMeta("notes", "OTHER", "kept");
    await provider.removeMeta("notes", "STATE");
    await provider.removeMeta("notes", "NEVER_SET");
    assert.deepEqual(await Promise.all([provider.getMeta("notes", "STATE"), provider.getMeta("notes", "OTHER")]), [
      "",
      "kept",
    ]);
    await assert.rejects(provider.setMeta("notes", "A=B", "x"), /cannot be the name of a note/u);
  },

  async "takes many calls at once"({ provider, start }) {
    await start("busy", "sh -c 'while read line; do echo \"heard $line\"; done'");
    const keys = Array.from({ length: 6 }, (_, index) => `KEY_${index}`);
    await Promise.all(keys.map((key) => provider.setMeta("busy", key, `of ${key}`)));
    assert.deepEqual(
      await Promise.all(keys.map((key) => provider.getMeta("busy", key))),
      keys.map((key) => `of ${key}`),
    );
    await Promise.all(["first", "second"].map((text) => provider.nudge("busy", text)));
    await shows(provider, "busy", /heard first\n(?:.*\n)*heard second/u);
  },

  async "looks for programs where the agent runs"({ provider, start }) {
    await start("programs", "sh -c 'sleep 1234; :'");
    assert.equal(await provider.processAlive("programs", []), true);
    await vi.waitFor(async () => expect(await provider.processAlive("programs", ["sleep 12[3]4"])).toBe(true), soon);
    assert.equal(await provider.processAlive("programs", ["nothing", "sleep 1234"]), true);
    assert.equal(await provider.processAlive("programs", ["sleep 4321", "-x"]), false);
    assert.equal(await provider.processAlive("unknown", ["sh"]), false);
  },

  async "knows when the agent was last active, and that nobody looks"({ provider, start }) {
    const before = Date.now();
    await start("active", "cat");
    const active = await provider.lastActivity("active");
    assert.ok(Math.abs(active - before) < 60_000, `${active} is not about ${before}`);
    // tmux counts in seconds; nobody who only looks counts as active.
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(before + 2500), soon);
    assert.equal(await provider.lastActivity("active"), active);
    await provider.nudge("active", "go on");
    await vi.waitFor(async () => expect(await provider.lastActivity("active")).toBeGreaterThan(active), soon);
    assert.equal(await provider.isAttached("active"), false);
  },

  async "forgets the scrollback, not the screen"({ provider, start }) {
    await start("long", "sh -c 'seq -f line-%g 300; exec cat'");
    await shows(provider, "long", "line-300");
    assert.match(await provider.peek("long", 0), /line-5\n/u);
    await provider.clearScrollback("long");
    const left = await provider.peek("long", 0);
    assert.doesNotMatch(left, /line-5\n/u);
    assert.match(left, /line-300/u);
  },

  async "copies files and folders into the work space"({ provider, start }) {
    const folder = mkdtempSync(join(tmpdir(), "gascity-copy-"));
    try {
      mkdirSync(join(folder, "deep/er"), { recursive: true });
      writeFileSync(join(folder, "deep/er/file"), "in a folder");
      writeFileSync(join(folder, "note"), "alone");
      await start("copies", "sh");
      await provider.copyTo("copies", join(folder, "deep"), "./place");
      await provider.copyTo("copies", join(folder, "note"), "");
      await provider.copyTo("copies", join(folder, "note"), "place/renamed");
      await provider.copyTo("copies", join(folder, "missing"), "place");
      await provider.sendKeys("copies", ["cat place/er/file note place/renamed; ls place | wc -l", "Enter"]);
      await shows(provider, "copies", /in a folderalonealone2/u);
      await assert.rejects(provider.copyTo("copies", folder, "../out"), /outside the workspace/u);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },

  async "runs the live commands again without a restart"({ provider, start }) {
    await start("live", "cat");
    const session = { workDir: "", command: "", env: {}, processNames: [], nudge: "", preStart: [] };
    const sessionLive = ["tmux send-keys one", "exit 3", "tmux send-keys two Enter"];
    const config = { ...session, overlayDir: "", copyFiles: [], sessionLive };
    await provider.runLive("live", config, AbortSignal.timeout(20_000));
    await shows(provider, "live", /^onetwo\nonetwo\n/u);
    await provider.runLive("live", { ...config, sessionLive: ["tmux send-keys 3 Enter"] }, AbortSignal.timeout(20_000));
    await shows(provider, "live", /^3\n3\n/mu);
  },

  async "says that a session is not there"({ provider }) {
    const calls = {
      interrupt: () => provider.interrupt("none"),
      nudge: () => provider.nudge("none", "text"),
      peek: () => provider.peek("none", 0),
      sendKeys: () => provider.sendKeys("none", ["Enter"]),
      clearScrollback: () => provider.clearScrollback("none"),
      isAttached: () => provider.isAttached("none"),
      lastActivity: () => provider.lastActivity("none"),
      setMeta: () => provider.setMeta("none", "KEY", "value"),
      getMeta: () => provider.getMeta("none", "KEY"),
      removeMeta: () => provider.removeMeta("none", "KEY"),
      copyTo: () => provider.copyTo("none", tmpdir(), ""),
      attach: () => provider.attach("none"),
    };
    for (const [operation, call] of Object.entries<() => Promise<unknown>>(calls)) {
      const code = await call().then(
        () => "done",
        (error: unknown) => problemOf(error).code,
      );
      assert.equal(code, "session-missing", operation);
    }
    await provider.stop("none", AbortSignal.timeout(10_000));
  },
};
