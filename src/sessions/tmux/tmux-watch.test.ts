import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LocalTmux } from "../../../test/local-tmux.ts";
import { silentLog } from "../../lib/log.ts";
import type { SessionSnapshot } from "../session-provider.ts";
import { TmuxServer } from "./tmux-server.ts";
import { TmuxWatch } from "./tmux-watch.ts";

let tmux: LocalTmux;
let server: TmuxServer;
let watches: TmuxWatch[];
beforeEach(() => {
  tmux = new LocalTmux();
  watches = [];
  vi.stubEnv("TMUX_TMPDIR", tmux.folder);
  server = new TmuxServer("default");
});
afterEach(() => {
  for (const watch of watches) watch.dispose();
  tmux.dispose();
  vi.unstubAllEnvs();
});

/** A watch, and what it has told so far. */
function open(): { readonly watch: TmuxWatch; readonly told: SessionSnapshot[] } {
  const told: SessionSnapshot[] = [];
  const watch = new TmuxWatch(server, silentLog, (snapshot) => told.push(snapshot));
  watches.push(watch);
  return { watch, told };
}

/** A session that somebody else starts, with a dead pane to be kept. */
function startForeign(name: string, command: string): void {
  tmux.tmux("new-session", "-d", "-s", name, command, ";", "set-option", "-t", `=${name}:`, "remain-on-exit", "on");
}

const hooksLeft = (): number => tmux.tmux("show-hooks", "-g").split("gascity-").length - 1;

it("sees every end with its exit code, long before its own patrol", { timeout: 20_000 }, async () => {
  const { told } = open();
  for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    const name = `a${code}`;
    startForeign(name, `read -r line; exit ${code}`);
    await vi.waitFor(() => expect(told.at(-1)?.sessions.get(name)).toMatchObject({ state: "running" }), 10_000);
    tmux.tmux("send-keys", "-t", `=${name}:`, "Enter");
    const ended = { state: "exited", reason: `ended with exit code ${code}` };
    await vi.waitFor(() => expect(told.at(-1)?.sessions.get(name)).toMatchObject(ended), 10_000);
  }
});

it("names the signal that ended an agent", async () => {
  startForeign("a", "kill -KILL $$");
  const { told } = open();
  const ended = { state: "exited", reason: "ended by signal 9" };
  await vi.waitFor(() => expect(told.at(-1)?.sessions.get("a")).toMatchObject(ended), 10_000);
});

it("goes on with a server that takes the place of another at once", async () => {
  startForeign("a", "cat");
  const { told } = open();
  await vi.waitFor(() => expect(told.at(-1)?.sessions.has("a")).toBe(true), 10_000);
  const { folder } = tmux;
  execFileSync("sh", ["-c", "tmux kill-server; until tmux -f /dev/null new-session -d -s b cat; do sleep 0.01; done"], {
    env: { PATH: process.env["PATH"], TMUX_TMPDIR: folder },
    stdio: "ignore",
  });
  await vi.waitFor(() => expect([...(told.at(-1)?.sessions.keys() ?? [])]).toEqual(["b"]), 10_000);
  startForeign("c", "cat");
  await vi.waitFor(() => expect(told.at(-1)?.sessions.has("c")).toBe(true), 10_000);
});

it("finds a server whose socket folder was removed while it waited", async () => {
  const { told } = open();
  await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ synced: true }), 10_000);
  rmSync(join(tmux.folder, `tmux-${process.getuid?.() ?? 0}`), { recursive: true });
  startForeign("a", "cat");
  await vi.waitFor(() => expect(told.at(-1)?.sessions.has("a")).toBe(true), 10_000);
});

it("leaves no hook and no client behind, whenever it is disposed", async () => {
  startForeign("a", "cat");
  for (let milliseconds = 0; milliseconds < 24; milliseconds += 2) {
    const { watch } = open();
    await delay(milliseconds);
    watch.dispose();
  }
  // The last one's hooks come and go like those of the others: wait for that before looking at what is left.
  const { watch, told } = open();
  await vi.waitFor(() => expect(told.at(-1)?.sessions.has("a")).toBe(true), 10_000);
  watch.dispose();
  await vi.waitFor(() => expect([hooksLeft(), tmux.waiters()]).toEqual([0, []]), 10_000);
  const count = told.length;
  tmux.tmux("kill-session", "-t", "=a");
  expect(told).toHaveLength(count);
});

it("hands out the same object until something in it changes", async () => {
  startForeign("a", "cat");
  const { told } = open();
  await vi.waitFor(() => expect(told.at(-1)?.sessions.has("a")).toBe(true), 10_000);
  const first = told.at(-1)?.sessions.get("a");
  startForeign("b", "cat");
  await vi.waitFor(() => expect(told.at(-1)?.sessions.has("b")).toBe(true), 10_000);
  expect(told.at(-1)?.sessions.get("a")).toBe(first);
});
