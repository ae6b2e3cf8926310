import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { type FSWatcher, mkdirSync, watch } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { backoffDelay } from "../../lib/backoff.ts";
import type { Disposable } from "../../lib/disposable.ts";
import type { Log } from "../../lib/log.ts";
import { problemOf } from "../../lib/problem.ts";
import { everyPane, listPanes, parsePanes, watchSession } from "./session-list.ts";
import type { SessionSnapshot, SessionStatus } from "../session-provider.ts";
import type { TmuxServer } from "./tmux-server.ts";

const backoff = { initial: 200, maximum: 30_000, factor: 2, jitter: 0.2 };

/**
 * Watches all sessions of a server through one client in control mode, which tmux tells of every session that comes or
 * goes (`%sessions-changed`) and, by a subscription, of every pane that dies (tmux(1), CONTROL MODE). Each hint is
 * followed by one complete look. Without a server it waits for the socket to appear.
 */
export class TmuxWatch implements Disposable {
  readonly #server: TmuxServer;
  readonly #log: Log;
  readonly #listener: (snapshot: SessionSnapshot) => void;
  readonly #session = watchSession();
  #snapshot: SessionSnapshot = { synced: false, sessions: new Map(), problem: undefined };
  #client: ChildProcessWithoutNullStreams | undefined;
  #folder: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
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
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#folder?.close();
    this.#leave();
  }

  async #lookOnce(): Promise<void> {
    try {
      const lines = await this.#server.tryRun(listPanes);
      if (this.#disposed) return;
      const sessions = parsePanes(lines ?? []);
      this.#publish(sessions);
      this.#failures = 0;
      if (sessions.length > 0) this.#join();
      else {
        // The private session alone would keep a server running that nobody needs.
        this.#leave();
        this.#awaitServer();
      }
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

  #join(): void {
    if (this.#client || this.#disposed) return;
    this.#folder?.close();
    this.#folder = undefined;
    // The session ends with this process, however that ends: within five seconds of it even when it is killed.
    const leash = `while kill -0 ${process.pid} 2>/dev/null; do sleep 5; done`;
    const args = [
      ...this.#server.prefix,
      "-C",
      "new-session",
      "-s",
      this.#session,
      "-f",
      "no-output,ignore-size",
      leash,
    ];
    const client = spawn("tmux", args, { env: this.#server.env });
    this.#client = client;
    client.on("error", (error) => this.#log.warn(`Watching tmux: ${error.message}`));
    client.stderr.resume();
    client.stdin.on("error", () => {});
    createInterface({ input: client.stdout }).on("line", (line) => {
      if (line === "%sessions-changed" || line.startsWith("%subscription-changed ")) this.look();
    });
    client.on("close", () => {
      if (this.#client !== client) return;
      this.#client = undefined;
      if (!this.#disposed) this.#retry();
    });
    client.stdin.write(`refresh-client -B "agents::${everyPane}"\n`);
  }

  /** Removes the private session; its client, and with the last session the server, ends by itself. */
  #leave(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.stdin.write(`kill-session -t "=${this.#session}"\n`);
    client?.stdin.end();
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
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.look(), backoffDelay(Math.max(1, this.#failures), backoff));
  }
}
