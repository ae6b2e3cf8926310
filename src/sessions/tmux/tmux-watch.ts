import { randomInt, randomUUID } from "node:crypto";
import { backoffDelay } from "../../lib/backoff.ts";
import type { Disposable } from "../../lib/disposable.ts";
import type { Log } from "../../lib/log.ts";
import { problemOf } from "../../lib/problem.ts";
import type { SessionSnapshot, SessionStatus } from "../session-provider.ts";
import { remindOfChildren } from "./remind-of-children.ts";
import { listPanes, parsePanes, serverPid } from "./session-list.ts";
import type { TmuxServer } from "./tmux-server.ts";
import { watchSocket } from "./watch-socket.ts";

const backoff = { initial: 200, maximum: 30_000, factor: 2, jitter: 0.2 };
// The net below the hooks, in milliseconds: a session may have hooks of its own, which go before the server's.
const patrol = 10_000;
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
  #socket: Disposable | undefined;
  #reminder: { readonly pid: number; readonly timer: Disposable } | undefined;
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
    this.#socket?.dispose();
    this.#remind(undefined);
    if (this.#hooked) void this.#removeHooks();
  }

  async #lookOnce(): Promise<void> {
    try {
      // Hooks first, so that no change falls between the two: a signal without a waiter is kept for the next. Each time,
      // because the server may be another one than at the last look.
      const lines = await this.#server.tryRun([...this.#setHooks(), ...listPanes]);
      this.#hooked = lines !== undefined;
      if (this.#disposed) {
        if (lines) await this.#removeHooks();
        return;
      }
      this.#failures = 0;
      this.#remind(serverPid(lines ?? []));
      if (lines) this.#wait();
      else this.#awaitServer();
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
    this.#lookAfter(patrol);
    if (this.#waiting) return;
    this.#waiting = true;
    this.#forgetSocket();
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

  /** Keeps the server with this process id from missing the ends of its agents; undefined is no server. */
  #remind(pid: number | undefined): void {
    if (this.#reminder?.pid === pid) return;
    this.#reminder?.timer.dispose();
    this.#reminder = pid === undefined ? undefined : { pid, timer: remindOfChildren(pid) };
  }

  /** Arguments that set the hooks, for another command to follow. */
  #setHooks(): readonly string[] {
    const signal = `wait-for -S ${this.#channel}`;
    return hooks.flatMap((hook) => ["set-hook", "-g", this.#hook(hook), signal, ";"]);
  }

  #hook(name: string): string {
    return `${name}[${this.#hookIndex}]`;
  }

  /** Ends the waiting client too. A watch that was killed leaves its hooks: they signal to nobody, which is harmless. */
  async #removeHooks(): Promise<void> {
    const unset = hooks.flatMap((hook) => ["set-hook", "-gu", this.#hook(hook), ";"]);
    await this.#server.tryRun([...unset, "wait-for", "-S", this.#channel]).catch(() => {});
  }

  #awaitServer(): void {
    if (this.#socket || this.#disposed) return;
    const changed = (): void => {
      this.look();
      // The socket is there a moment before the server's first session.
      this.#retry();
    };
    const lost = (): void => {
      this.#forgetSocket();
      this.#retry();
    };
    try {
      this.#socket = watchSocket(this.#server, changed, lost);
      // It may have come since the look that did not find it.
      this.look();
    } catch (error) {
      this.#log.warn(`Cannot watch for a tmux server: ${problemOf(error).reason}`);
      this.#lookAfter(patrol);
    }
  }

  #forgetSocket(): void {
    this.#socket?.dispose();
    this.#socket = undefined;
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
