import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, vi } from "vitest";
import type { LocalTmux } from "../../../test/local-tmux.ts";
import { tmuxTest } from "../../../test/tmux-test.ts";
import { silentLog } from "../../lib/log.ts";
import type { SessionSnapshot } from "../session-provider.ts";
import { TmuxServer } from "./tmux-server.ts";
import { TmuxWatch } from "./tmux-watch.ts";

/** A watch, and what it has told so far. */
interface Watched {
  readonly watch: TmuxWatch;
  readonly told: SessionSnapshot[];
}

const it = tmuxTest.extend<{ open: () => Watched }>({
  open: async ({ tmux }, use) => {
    const server = new TmuxServer("default", tmux.env);
    const watches: TmuxWatch[] = [];
    await use(() => {
      const told: SessionSnapshot[] = [];
      const watch = new TmuxWatch(server, silentLog, (snapshot) => told.push(snapshot));
      watches.push(watch);
      return { watch, told };
    });
    for (const watch of watches) watch.dispose();
  },
});

/** A session that somebody else starts, with a dead pane to be kept. */
function startForeign(tmux: LocalTmux, name: string, command: string): void {
  tmux.tmux("new-session", "-d", "-s", name, command, ";", "set-option", "-t", `=${name}:`, "remain-on-exit", "on");
}

const soon = { timeout: 10_000, interval: 5 };

const hooksLeft = (tmux: LocalTmux): number => tmux.tmux("show-hooks", "-g").split("gascity-").length - 1;

describe.concurrent("TmuxWatch", () => {
  it("sees every end with its exit code, long before its own patrol", async ({ tmux, open }) => {
    const { told } = open();
    for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      const name = `a${code}`;
      startForeign(tmux, name, `read -r line; exit ${code}`);
      await vi.waitFor(() => expect(told.at(-1)?.sessions.get(name)).toMatchObject({ state: "running" }), soon);
      tmux.tmux("send-keys", "-t", `=${name}:`, "Enter");
      const ended = { state: "exited", reason: `ended with exit code ${code}` };
      await vi.waitFor(() => expect(told.at(-1)?.sessions.get(name)).toMatchObject(ended), soon);
    }
  });

  it("names the signal that ended an agent", async ({ tmux, open }) => {
    startForeign(tmux, "a", "kill -KILL $$");
    const { told } = open();
    const ended = { state: "exited", reason: "ended by signal 9" };
    await vi.waitFor(() => expect(told.at(-1)?.sessions.get("a")).toMatchObject(ended), soon);
  });

  it("goes on with a server that takes the place of another at once", async ({ tmux, open }) => {
    startForeign(tmux, "a", "cat");
    const { told } = open();
    await vi.waitFor(() => expect(told.at(-1)?.sessions.has("a")).toBe(true), soon);
    execFileSync(
      "sh",
      ["-c", "tmux kill-server; until tmux -f /dev/null new-session -d -s b cat; do sleep 0.01; done"],
      {
        env: tmux.env,
        stdio: "ignore",
      },
    );
    await vi.waitFor(() => expect([...(told.at(-1)?.sessions.keys() ?? [])]).toEqual(["b"]), soon);
    startForeign(tmux, "c", "cat");
    await vi.waitFor(() => expect(told.at(-1)?.sessions.has("c")).toBe(true), soon);
  });

  it("finds a server whose socket folder was removed while it waited", async ({ tmux, open }) => {
    const { told } = open();
    await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ synced: true }), soon);
    rmSync(join(tmux.folder, `tmux-${process.getuid?.() ?? 0}`), { recursive: true });
    startForeign(tmux, "a", "cat");
    await vi.waitFor(() => expect(told.at(-1)?.sessions.has("a")).toBe(true), soon);
  });

  it("leaves no hook and no client behind, whenever it is disposed", async ({ tmux, open }) => {
    startForeign(tmux, "a", "cat");
    for (let milliseconds = 0; milliseconds < 24; milliseconds += 2) {
      const { watch } = open();
      await delay(milliseconds);
      watch.dispose();
    }
    // The last one's hooks come and go like those of the others: wait for that before looking at what is left.
    const { watch, told } = open();
    await vi.waitFor(() => expect(told.at(-1)?.sessions.has("a")).toBe(true), soon);
    watch.dispose();
    await vi.waitFor(() => expect([hooksLeft(tmux), tmux.waiters()]).toEqual([0, []]), soon);
    const count = told.length;
    tmux.tmux("kill-session", "-t", "=a");
    expect(told).toHaveLength(count);
  });

  it("hands out the same object until something in it changes", async ({ tmux, open }) => {
    startForeign(tmux, "a", "cat");
    const { told } = open();
    await vi.waitFor(() => expect(told.at(-1)?.sessions.has("a")).toBe(true), soon);
    const first = told.at(-1)?.sessions.get("a");
    startForeign(tmux, "b", "cat");
    await vi.waitFor(() => expect(told.at(-1)?.sessions.has("b")).toBe(true), soon);
    expect(told.at(-1)?.sessions.get("a")).toBe(first);
  });
});
