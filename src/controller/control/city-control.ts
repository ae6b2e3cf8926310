import { realpathSync } from "node:fs";
import type { Disposable } from "../../lib/disposable.ts";
import { Emitter, type Event } from "../../lib/emitter.ts";
import { watchFile } from "../../lib/watch-file.ts";
import type { KubernetesConnection } from "../../kubernetes/connection.ts";
import type { Log } from "../../lib/log.ts";
import { type Problem, ProblemError, problemOf } from "../../lib/problem.ts";
import { untilAborted } from "../../kubernetes/until-aborted.ts";
import { askController, pingController } from "./ask-controller.ts";
import { controllerSocketPath } from "./controller-files.ts";
import { CityLease, type LeaseNews } from "./city-lease.ts";
import { type ControlState, controlState, keptBy, letGoMeanwhile, lockRemoved, yielded } from "./control-state.ts";
import { type HeldLock, takeControllerLock, untilUncontrolled } from "./controller-lock.ts";
import { ControllerSocket, type ControllerVerb } from "./controller-socket.ts";
import { type ControllerKind, newIdentity } from "./lease-holder.ts";
import { succeed } from "./succession.ts";

/** Which city, and who wants to control it. */
export interface CityControlOptions {
  /** Absolute path of the city's folder. */
  readonly root: string;
  readonly kind: ControllerKind;
  /** Where the city's lease is; undefined for a city that is on no cluster. The connection stays the caller's. */
  readonly cluster?: { readonly connection: KubernetesConnection; readonly namespace: string; readonly city: string };
  /** Does what gc's commands ask of a controller. After `stop` it calls `release`, for which gc waits. */
  perform(verb: Exclude<ControllerVerb, "yield">): void;
  /** How the city is, as JSON in one line, for who asks on this machine. */
  describe?(): string;
  /** Told when another controller has stopped the city while this process stood in line: it stands there no longer. */
  stopped?(): void;
  readonly log: Log;
}

/** What this process holds of a city on this machine. */
interface Post {
  readonly lock: HeldLock;
  readonly socket: ControllerSocket;
}

// In milliseconds. One that yields does so at once, but another that stood in line may come first, and is asked in its turn;
// a holder of the lease that died elsewhere is found to be so after 15 s.
const yieldPatience = 10_000;
const yieldTurn = 500;
const handOverPatience = 20_000;

/**
 * Makes this process the one controller of a city, or tells which other is. First the lock of this machine, which excludes
 * gc, then the lease of the cluster, which excludes other machines; let go of the other way round. Nobody waits for a lock
 * while others wait for him, so that no two wait for each other. Whoever waits for the lease keeps the lock: gc on this machine
 * knows no lease and must not start beside its holder.
 *
 * A controller on this machine is not replaced when it ends: `gc stop` would find the city started again. One that holds the
 * lease is: it gave it back and left its agents running, or it is dead. Who was the controller on this machine before, and died,
 * is succeeded at once: that the lock could be had proves it (succession.ts).
 */
export class CityControl implements AsyncDisposable {
  readonly #options: CityControlOptions;
  readonly #changed = new Emitter<ControlState>();
  readonly #identity: string;
  readonly #lease: CityLease | undefined;
  /** Of the socket that a controller of this machine listens on. */
  readonly #arrivals: Disposable;
  #post: Post | undefined;
  #wants = false;
  #local: { readonly pid: number | undefined } | undefined;
  #problem: Problem | undefined;
  #state: ControlState;
  #following: AbortController | undefined;
  #disposed = false;
  /** Aborts at the next letting go. */
  #letGoes = new AbortController();
  /** What takes and lets go runs one after another. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: CityControlOptions) {
    this.#options = options;
    const { cluster, kind, log } = options;
    this.#identity = newIdentity(kind);
    this.#lease = cluster && new CityLease({ ...cluster, identity: this.#identity, log });
    this.#lease?.onNews((news) => this.#hear(news));
    this.#state = this.#current();
    this.#arrivals = watchFile(controllerSocketPath(realpathSync(options.root)), () => void this.look());
  }

  get state(): ControlState {
    return this.#state;
  }

  get onDidChange(): Event<ControlState> {
    return this.#changed.event;
  }

  /** Whether this process may act on the city at this very moment. To be asked before each act. */
  mayAct(): boolean {
    if (!this.#wants || !this.#post) return false;
    if (!this.#post.lock.isHeld()) {
      void this.#letGo(lockRemoved);
      return false;
    }
    return this.#lease?.mayAct() ?? true;
  }

  /**
   * Finds out whether another process of this machine controls the city, and then follows it until it does so no more. One that comes
   * later is noticed by itself.
   */
  look(): Promise<ControlState> {
    return this.#next(async () => {
      if (this.#post) return this.#state;
      const pid = await pingController(this.#options.root);
      if (pid !== undefined && pid !== this.#local?.pid && !this.#disposed) this.#follow(pid);
      this.#update();
      return this.#state;
    });
  }

  /**
   * Takes control, or says in the state that it cannot be had: it resolves when that is known. On a cluster it stands in
   * line from then on, and the state changes when it is its turn.
   */
  acquire(): Promise<ControlState> {
    return this.#next(() => this.#acquire(0));
  }

  /**
   * As `acquire`, and asks whoever controls the city to let go without stopping its agents. Resolves when this process
   * controls it. Fails with `controlled-elsewhere` when the other one does not let go, as gc; then this process stands in
   * line as after `acquire`.
   */
  takeOver(signal: AbortSignal = new AbortController().signal): Promise<void> {
    const either = AbortSignal.any([signal, this.#letGoes.signal]);
    return this.#next(async () => {
      either.throwIfAborted();
      let state = await this.#acquire(0);
      const deadline = performance.now() + yieldPatience;
      for (let silences = 0; state.kind === "elsewhere" && state.where === "this machine";) {
        const reply = await askController(this.#options.root, "yield");
        either.throwIfAborted();
        // Who does not listen has just come, or has just let go; but not for a whole turn.
        silences = reply === undefined ? silences + 1 : 0;
        if (reply === "" || silences > 1 || performance.now() > deadline) throw keptBy(state);
        state = await this.#acquire(yieldTurn);
      }
      either.throwIfAborted();
      if (state.kind === "elsewhere" && this.#lease) {
        this.#lease.takeOver();
        const patience = AbortSignal.timeout(handOverPatience);
        const answered = this.#until(({ kind }) => kind !== "elsewhere" && kind !== "taking");
        await untilAborted(answered, AbortSignal.any([either, patience])).catch(() => either.throwIfAborted());
      }
      if (this.#state.kind === "elsewhere") throw keptBy(this.#state);
      if (this.#state.kind === "lost") throw new ProblemError(this.#state.problem);
    });
  }

  /**
   * Lets go and stands in no line. The caller has stopped acting; if he has `stopped` the city, those who stand in line give up.
   * Takes ten seconds at most, when the cluster does not answer.
   */
  release(stopped = false): Promise<void> {
    return this.#letGo(undefined, stopped);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#arrivals.dispose();
    await this.release();
    this.#disposed = true;
    this.#following?.abort();
    this.#lease?.dispose();
    this.#changed.dispose();
  }

  async #acquire(wait: number): Promise<ControlState> {
    if (this.#post && !this.#post.lock.isHeld()) {
      // Another may have the new one, and would stand in line behind this process for ever.
      void this.#lease?.release();
      await this.#leavePost();
    }
    this.#wants = true;
    this.#problem = undefined;
    if (!this.#post) {
      this.#update();
      try {
        await this.#takePost(wait);
      } catch (error) {
        this.#wants = false;
        this.#problem = problemOf(error);
      }
    }
    if (this.#post && this.#wants) this.#lease?.contend();
    this.#update();
    await this.#until(({ kind }) => kind !== "taking");
    return this.#state;
  }

  async #takePost(wait: number): Promise<void> {
    const { root, log } = this.#options;
    const taken = await takeControllerLock(root, wait);
    if (taken.kind === "theirs") {
      this.#wants = false;
      return this.#follow(taken.pid);
    }
    this.#following?.abort();
    this.#local = undefined;
    try {
      this.#lease?.inherit(await succeed(root, taken.lock, this.#identity, log));
      const owner = {
        perform: (verb: ControllerVerb) => this.#perform(verb),
        state: () => this.#options.describe?.() ?? "",
      };
      const socket = await ControllerSocket.open(root, taken.lock, owner, log);
      this.#post = { lock: taken.lock, socket };
    } catch (error) {
      await taken.lock[Symbol.asyncDispose]();
      throw error;
    }
  }

  #perform(verb: ControllerVerb): void {
    if (verb === "yield") void this.#letGo(yielded);
    else this.#options.perform(verb);
  }

  /** From this very moment this process may not act; the rest follows in order. */
  #letGo(problem: Problem | undefined, stopped = false): Promise<void> {
    const stop = (): Promise<void> | undefined => {
      this.#wants = false;
      this.#problem = problem;
      return this.#lease?.release(stopped);
    };
    void stop();
    this.#letGoes.abort(new ProblemError(letGoMeanwhile));
    this.#letGoes = new AbortController();
    this.#update();
    return this.#next(async () => {
      // It may have been asked for again while this stood in the queue.
      await stop();
      await this.#leavePost();
      if (this.#problem === yielded && !this.#disposed) this.#followLock();
      this.#update();
    });
  }

  async #leavePost(): Promise<void> {
    const post = this.#post;
    this.#post = undefined;
    post?.socket.dispose();
    await post?.lock[Symbol.asyncDispose]();
  }

  /** Another process of this machine has the lock: until the kernel says that it has not. */
  #follow(pid: number | undefined): void {
    this.#local = { pid };
    // Why this process controls it no more is told by who does.
    this.#problem = undefined;
    this.#followLock();
  }

  #followLock(): void {
    this.#following?.abort();
    const following = (this.#following = new AbortController());
    const ended = (): void => {
      if (following.signal.aborted) return;
      this.#local = undefined;
      if (this.#problem === yielded) this.#problem = undefined;
      this.#update();
    };
    untilUncontrolled(this.#options.root, following.signal).then(ended, ended);
  }

  #hear(news: LeaseNews): void {
    if (this.#wants) {
      if (news.kind === "acquired") this.#problem = undefined;
      if (news.kind === "lost") this.#problem = news.problem;
      if (news.kind === "stopped") {
        this.#options.stopped?.();
        void this.#letGo(undefined);
      }
    }
    this.#update();
  }

  #current(): ControlState {
    const locked = this.#post !== undefined;
    return controlState({
      wants: this.#wants,
      locked,
      local: this.#local,
      lease: this.#lease?.state,
      problem: this.#wants ? this.#obstacle() : this.#problem,
    });
  }

  /** What keeps this process from control: what was in the way when it lost it, unless something else is by now. */
  #obstacle(): Problem | undefined {
    const now = this.#lease?.problem;
    return now && now.code !== "cluster-unreachable" ? now : (this.#problem ?? now);
  }

  #update(): void {
    const state = this.#current();
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#changed.fire(state);
  }

  async #until(condition: (state: ControlState) => boolean): Promise<void> {
    if (condition(this.#state)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const watch = this.#changed.event((state) => {
      if (condition(state)) resolve();
    });
    await promise.finally(() => watch.dispose());
  }

  #next<T>(task: () => Promise<T>): Promise<T> {
    const mine = this.#queue.then(task);
    this.#queue = mine.catch(() => undefined);
    return mine;
  }
}
