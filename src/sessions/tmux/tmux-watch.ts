import { type FSWatcher, mkdirSync, watch } from "node:fs";
import { randomInt, randomUUID } from "node:crypto";
import { join } from "node:path";
import { backoffDelay } from "../../lib/backoff.ts";
import type { Disposable } from "../../lib/disposable.ts";
import type { Log } from "../../lib/log.ts";
import { problemOf } from "../../lib/problem.ts";
import type { SessionSnapshot, SessionStatus } from "../session-provider.ts";
import { listPanes, parsePanes } from "./session-list.ts";
import type { TmuxServer } from "./tmux-server.ts";

const backoff = { initial: 200, maximum: 30_000, factor: 2, jitter: 0.2 };
// The net below the hooks, in milliseconds: tmux 3.3a forgets pane-died about once in forty deaths.
const patrol = 2000;
/** The moments at which what `listPanes` prints changes. */
const hooks = ["session-created", "session-closed", "session-renamed", "pane-died"];

/**
 * Watches all sessions of a server: hooks wake one client that waits in `wait-for` (tmux(1), HOOKS and wait-for), and
 * each wake is followed by one complete look. Without a server it waits for the socket to appear. Not by control mode,
 * which would push the same: tmux 3.3a crashes, and ends every agent, when control clients come and go.
 */
export class TmuxWatch implements Disposable {
  readonly #server: TmuxServer;
  readonly #log: Log;
  readonly #listener: (snapshot: SessionSnapshot) => void;
  // Of its own for each watch: a signal that wakes one waiter would pass another one that is just looking.
  readonly #channel = `gascity-${randomUUID()}`;
  readonly #hookIndex = randomInt(1000, 2 ** 31);
  #snapshot: SessionSnapshot = { synced: false, sessions: new Map(), problem: undefined };
  #folder: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #hooked = false;
  #waiting = false;
  #looking = false;
  #again = false;
  #failures = 0;
  #disposed = false;

  constructor(server: TmuxServer, log: Log, listener: (snapshot: SessionSnapshot) => void) {
    this.#server = server;
    this.#log = log;
    this.#listener = listener;
    listener(this.#snapshot);
    this.look();
  }

  /** Takes a complete look now, or right after the one under way. */
  look(): void {
    if (this.#disposed) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = true;
    void this.#lookOnce().finally(() => {
      this.#looking = false;
      if (!this.#again) return;
      this.#again = false;
      this.look();
    });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#folder?.close();
    if (this.#hooked) void this.#removeHooks();
  }

  async #lookOnce(): Promise<void> {
    try {
      // Before the look, so that no change falls between the two: a signal without a waiter is kept for the next.
      this.#hooked ||= (await this.#server.tryRun(this.#setHooks())) !== undefined;
      const lines = this.#hooked ? await this.#server.tryRun(listPanes) : undefined;
      this.#hooked = lines !== undefined;
      if (this.#disposed) return;
      this.#failures = 0;
      if (lines) {
        this.#wait();
        this.#lookAfter(patrol);
      } else {
        this.#awaitServer();
      }
      this.#publish(parsePanes(lines ?? []));
    } catch (error) {
      if (this.#disposed) return;
      this.#failures += 1;
      this.#emit({ ...this.#snapshot, problem: problemOf(error) });
      this.#retry();
    }
  }

  /** Keeps the identity of what has not changed. */
  #publish(sessions: readonly SessionStatus[]): void {
    const before = this.#snapshot.sessions;
    const shared = sessions.map((status) => {
      const old = before.get(status.name);
      return old && JSON.stringify(old) === JSON.stringify(status) ? old : status;
    });
    const same = shared.length === before.size && shared.every((status) => before.get(status.name) === status);
    if (same && this.#snapshot.synced && !this.#snapshot.problem) return;
    this.#emit({ synced: true, sessions: new Map(shared.map((status) => [status.name, status])), problem: undefined });
  }

  #emit(snapshot: SessionSnapshot): void {
    this.#snapshot = snapshot;
    this.#listener(snapshot);
  }

  /** Waits for the next hook, or for the end of the server. */
  #wait(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#folder?.close();
    this.#folder = undefined;
    this.#server
      .tryRun(["wait-for", this.#channel])
      .catch((error: unknown) => {
        this.#failures += 1;
        this.#log.warn(`Watching tmux: ${problemOf(error).reason}`);
      })
      .finally(() => {
        this.#waiting = false;
        if (this.#failures > 0) this.#retry();
        else this.look();
      });
  }

  #setHooks(): readonly string[] {
    const signal = `wait-for -S ${this.#channel}`;
    return hooks.flatMap((hook, index) => [...(index > 0 ? [";"] : []), "set-hook", "-g", this.#hook(hook), signal]);
  }

  #hook(name: string): string {
    return `${name}[${this.#hookIndex}]`;
  }

  /** Ends the waiting client too. A watch that was killed leaves its hooks: they signal to nobody, which is harmless. */
  async #removeHooks(): Promise<void> {
    const unset = hooks.flatMap((hook) => ["set-hook", "-gu", this.#hook(hook), ";"]);
    await this.#server.tryRun([...unset, "wait-for", "-S", this.#channel]).catch(() => {});
  }

  /** tmux makes its socket in a folder per user (tmux(1), -L). */
  #awaitServer(): void {
    if (this.#folder || this.#disposed) return;
    const base = this.#server.env["TMUX_TMPDIR"] ?? "/tmp";
    const folder = join(base, `tmux-${process.getuid?.() ?? 0}`);
    try {
      // As tmux would make it; the user's first server may be still to come.
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.#folder = watch(folder, (_, file) => {
        if (file !== null && file !== this.#server.socket) return;
        this.look();
        // The socket is there a moment before the server's first session.
        this.#retry();
      });
      this.#folder.on("error", () => this.#retry());
    } catch (error) {
      this.#log.warn(`Cannot watch for a tmux server: ${problemOf(error).reason}`);
    }
  }

  #retry(): void {
    this.#lookAfter(backoffDelay(Math.max(1, this.#failures), backoff));
  }

  #lookAfter(milliseconds: number): void {
    if (this.#disposed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.look(), milliseconds);
  }
}
