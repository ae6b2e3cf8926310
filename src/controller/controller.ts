import type { City } from "../city/city.ts";
import { withPrompt } from "../city/resolve/prompt-delivery.ts";
import type { SessionConfig } from "../city/session-config.ts";
import { type Disposable, DisposableStore, toDisposable } from "../lib/disposable.ts";
import { Emitter, type Event } from "../lib/emitter.ts";
import type { Log } from "../lib/log.ts";
import { ProblemError, problemOf } from "../lib/problem.ts";
import type { SessionProvider, SessionSnapshot } from "../sessions/session-provider.ts";
import { decide } from "./decide.ts";
import type { Intent } from "./intent.ts";
import { type Restart, afterFailure } from "./restarts.ts";

/** An action that is being performed. */
interface Work {
  readonly kind: "starting" | "stopping";
  readonly done: Promise<void>;
  readonly abort: AbortController;
}

// The providers have deadlines of their own for each step; this one only keeps a fault of theirs from lasting for ever.
const actionDeadline = 15 * 60_000;

/** Performs what `decide` says against one provider, woken by news only. Disposing it leaves the sessions running. */
export class Controller implements Disposable {
  readonly #provider: SessionProvider;
  readonly #log: Log;
  readonly #own = new DisposableStore();
  readonly #changed = this.#own.add(new Emitter<void>());
  readonly #restarts = new Map<string, Restart>();
  readonly #work = new Map<string, Work>();
  /** Since when a session was seen running, by its id: a restart under the same name is another life. */
  readonly #lives = new Map<string, { readonly id: string; readonly since: number }>();
  #city: City;
  #intent: Intent;
  #observed: SessionSnapshot = { synced: false, sessions: new Map(), problem: undefined };
  #timer: NodeJS.Timeout | undefined;
  #scheduled = false;

  constructor(options: { provider: SessionProvider; city: City; intent: Intent; log: Log }) {
    this.#provider = options.provider;
    this.#city = options.city;
    this.#intent = options.intent;
    this.#log = options.log;
    this.#own.add(toDisposable(() => clearTimeout(this.#timer)));
    this.#own.add(this.#provider.watch((snapshot) => this.#observe(snapshot)));
  }

  /** Fires after anything below changed. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  get observed(): SessionSnapshot {
    return this.#observed;
  }

  get restarts(): ReadonlyMap<string, Restart> {
    return this.#restarts;
  }

  /** What is being done to a session by this controller right now. */
  workOn(session: string): Work["kind"] | undefined {
    return this.#work.get(session)?.kind;
  }

  /** Goes on with a new city or intent. */
  update(change: { readonly city?: City; readonly intent?: Intent }): void {
    this.#city = change.city ?? this.#city;
    this.#intent = change.intent ?? this.#intent;
    this.#wake();
  }

  /** Starts a session now, its earlier failures forgotten; joins a start that is under way. */
  async start(session: string, config: SessionConfig): Promise<void> {
    this.#restarts.delete(session);
    const work = this.#work.get(session);
    if (work?.kind === "stopping") await settled(work.done);
    await (this.#work.get(session)?.done ?? this.#start(session, config));
  }

  /** Stops a session now and cancels a start that is under way; joins a stop that is. */
  async stop(session: string): Promise<void> {
    const work = this.#work.get(session);
    if (work?.kind === "starting") {
      work.abort.abort(cancelled(session));
      await settled(work.done);
    }
    await (this.#work.get(session)?.done ?? this.#stop(session));
  }

  /** Stops everything the provider runs: interrupts, waits out the city's grace, deletes what is left (gascity-spec §3.10). */
  async stopAll(signal: AbortSignal): Promise<void> {
    for (const [session, work] of this.#work) if (work.kind === "starting") work.abort.abort(cancelled(session));
    await Promise.all([...this.#work.values()].map(({ done }) => settled(done)));
    const sessions = (await this.#provider.list(signal)).filter(({ state }) => state !== "stopping");
    const running = sessions.filter(({ state }) => state === "running").map(({ name }) => name);
    if (this.#city.shutdownTimeout > 0) {
      await Promise.all(running.map((name) => settled(this.#provider.interrupt(name))));
      await this.#until(() => running.every((name) => this.#observed.sessions.get(name)?.state !== "running"), {
        limit: this.#city.shutdownTimeout,
        signal,
      });
    }
    signal.throwIfAborted();
    const results = await Promise.allSettled(sessions.map(({ name }) => this.stop(name)));
    const failed = results.flatMap((result, index) =>
      result.status === "rejected" ? [`${sessions[index]?.name} (${problemOf(result.reason).reason})`] : [],
    );
    if (failed.length > 0) {
      throw new ProblemError({
        code: "session-failed",
        reason: `${failed.length} of ${sessions.length} sessions did not stop: ${failed.join(", ")}`,
        action: "Run Stop City again, or stop them one by one",
      });
    }
  }

  dispose(): void {
    this.#own.dispose();
    for (const [session, { abort, kind }] of this.#work) if (kind === "starting") abort.abort(cancelled(session));
  }

  #observe(snapshot: SessionSnapshot): void {
    const now = Date.now();
    this.#observed = snapshot;
    if (snapshot.synced && !snapshot.problem) {
      for (const [name, life] of this.#lives) {
        const status = snapshot.sessions.get(name);
        if (status?.id === life.id && (status.state === "running" || status.state === "stopping")) continue;
        this.#lives.delete(name);
        // Whoever starts or stops it knows better why it is gone.
        if (this.#work.has(name)) continue;
        this.#restarts.set(name, afterFailure(this.#restarts.get(name), now, now - life.since, undefined));
        this.#log.warn(`${name} is gone: ${status?.reason || "nobody here stopped it"}`);
      }
      for (const { name, id, state, createdAt } of snapshot.sessions.values()) {
        if (state === "running" && !this.#lives.has(name)) this.#lives.set(name, { id, since: createdAt });
      }
    }
    this.#wake();
  }

  /** Decides once after all news of this turn. */
  #wake(): void {
    if (this.#scheduled || this.#own.disposed) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (this.#own.disposed) return;
      this.#act();
      this.#changed.fire();
    });
  }

  #act(): void {
    const { actions, wakeAt } = decide({
      city: this.#city,
      intent: this.#intent,
      observed: this.#observed,
      restarts: this.#restarts,
      busy: new Set(this.#work.keys()),
      now: Date.now(),
    });
    clearTimeout(this.#timer);
    if (wakeAt !== undefined) this.#timer = setTimeout(() => this.#wake(), Math.max(1, wakeAt - Date.now()));
    for (const action of actions) {
      const done = action.kind === "start" ? this.#start(action.session, action.config) : this.#stop(action.session);
      // The failure is in the memory and the log; nobody waits for this promise.
      void settled(done);
    }
  }

  #start(session: string, config: SessionConfig): Promise<void> {
    return this.#perform(session, "starting", async (signal) => {
      try {
        await this.#provider.start(session, withPrompt(config, new Date()), signal);
        this.#log.info(`${session} started`);
      } catch (error) {
        this.#startFailed(session, error, signal);
        throw error;
      }
    });
  }

  #startFailed(session: string, error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    const problem = problemOf(error);
    const restart = afterFailure(this.#restarts.get(session), Date.now(), undefined, problem);
    this.#restarts.set(session, restart);
    const wait = Math.round((restart.retryAt - Date.now()) / 100) / 10;
    this.#log.error(`${session} did not start: ${problem.reason}. ${problem.action}. Next try in ${wait} s`);
  }

  #stop(session: string): Promise<void> {
    return this.#perform(session, "stopping", async (signal) => {
      await this.#provider.stop(session, signal);
      this.#restarts.delete(session);
      this.#log.info(`${session} stopped`);
    });
  }

  #perform(session: string, kind: Work["kind"], run: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(actionDeadline)]);
    const done = run(signal).finally(() => {
      this.#work.delete(session);
      this.#wake();
    });
    this.#work.set(session, { kind, done, abort });
    this.#wake();
    return done;
  }

  /** Resolves when `condition` holds after some news, or after `limit` milliseconds. Rejects when aborted. */
  async #until(condition: () => boolean, { limit, signal }: { limit: number; signal: AbortSignal }): Promise<void> {
    if (condition()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const watch = this.#changed.event(() => {
      if (condition()) resolve();
    });
    const timer = setTimeout(resolve, limit);
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    clearTimeout(timer);
    watch.dispose();
    signal.throwIfAborted();
  }
}

function cancelled(session: string): ProblemError {
  return new ProblemError({
    code: "session-failed",
    reason: `The start of ${session} was cancelled`,
    action: "Start it again when you want it",
  });
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await promise.catch(() => {});
}
