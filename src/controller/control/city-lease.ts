import { clusterProblem } from "../../kubernetes/cluster-problem.ts";
import type { KubernetesConnection } from "../../kubernetes/connection.ts";
import { Reflector } from "../../kubernetes/reflector.ts";
import { backoffDelay } from "../../lib/backoff.ts";
import { type Disposable, DisposableStore, toDisposable } from "../../lib/disposable.ts";
import { Emitter, type Event } from "../../lib/emitter.ts";
import type { Log } from "../../lib/log.ts";
import type { Problem } from "../../lib/problem.ts";
import { LeaseCalls } from "./lease-calls.ts";
import { type Moment, surelyPassed, thisMoment } from "./lease-clock.ts";
import { type LeaseHolder, holderOf } from "./lease-holder.ts";
import {
  type Lease,
  heldSince,
  isStopped,
  leaseAskedFor,
  leaseHeldBy,
  leaseName,
  requesterOf,
  sightOf,
} from "./lease-object.ts";
import { contested, handedOver, notRenewed, takenAway } from "./lease-problems.ts";
import { type LeaseView, leaseTimes, mayAct, nothingSeen, sighted, writeDue, written } from "./lease-rules.ts";

/** Which lease, and who contends for it. */
export interface CityLeaseOptions {
  readonly connection: KubernetesConnection;
  readonly namespace: string;
  /** The city's name. */
  readonly city: string;
  /** As `newIdentity` makes it; never one that was used before. */
  readonly identity: string;
  readonly log: Log;
}

/** Who has the lease, as far as this contender knows. It is free, too, when who had it is dead. */
export type LeaseState =
  | { readonly kind: "unknown" }
  | { readonly kind: "ours" }
  | { readonly kind: "theirs"; readonly holder: LeaseHolder; readonly since: number | undefined }
  | { readonly kind: "free" };

export type LeaseNews =
  | { readonly kind: "acquired" }
  | { readonly kind: "lost"; readonly problem: Problem }
  /** Who had it has stopped the city while this one stood in line: it contends no longer. */
  | { readonly kind: "stopped" }
  /** The holder is undefined when nobody has it, or when who had it is dead. */
  | { readonly kind: "heldBy"; readonly holder: LeaseHolder | undefined; readonly since: number | undefined }
  /** What keeps it from seeing or writing the lease; undefined when nothing does any more. */
  | { readonly kind: "problem"; readonly problem: Problem | undefined };

// Contenders that come back after the API server was away should be there before a lease runs out.
const watchTiming = {
  healthy: 120_000,
  brief: 1000,
  silence: 200_000,
  grace: 30_000,
  backoff: { initial: 500, maximum: 4000, factor: 2, jitter: 0.5 },
};

// A lease that others write all the time shall not be written, and looked at, as fast as the cluster answers.
const conflictBackoff = { initial: 50, maximum: leaseTimes.retry, factor: 2, jitter: 0.5 };
/** That somebody was faster happens; so many times in a row it is a fault. */
const manyConflicts = 5;
const retryBackoff = { initial: leaseTimes.retry, maximum: 30_000, factor: 2, jitter: 0.2 };
const seconds = leaseTimes.renewDeadline / 1000;

/**
 * One contender for the lease of a city (coordination.k8s.io/v1). Watches it from the beginning; contends for it once
 * `contend` was called, and again whenever it was lost, until `release`.
 *
 * The watch only wakes: a holder believes nothing but the answers to its own writes and looks, each write names the
 * version it replaces, and lease-rules.ts says when to write and when to stop acting. What this cannot do is to call a
 * request back that was sent while the lease was held and arrives late. Such a late write is harmless because the cluster
 * judges it by itself: a pod's deletion names the pod's UID, its creation fails if another controller has made it.
 */
export class CityLease implements Disposable {
  readonly #identity: string;
  /** Who may be written over at once: this one, and those who surely act no more. */
  #mine: ReadonlySet<string>;
  readonly #city: string;
  readonly #name: string;
  readonly #server: string;
  readonly #log: Log;
  readonly #own = new DisposableStore();
  readonly #news = this.#own.add(new Emitter<LeaseNews>());
  readonly #calls: LeaseCalls;
  #view: LeaseView = nothingSeen;
  /** The lease of `#view`, for the next write; undefined when there is none, though its holder may still live. */
  #lease: Lease | undefined;
  #synced = false;
  #contends = false;
  /** Whether it has stood in line behind somebody since it contends. */
  #waited = false;
  /** Whether the lease is to be given back with the word that the city was stopped. */
  #stopped = false;
  /** Whether the holder is to be asked for the lease, and which one was. */
  #asks = false;
  #asked = "";
  /** The watch has shown a holder something that it must look at. */
  #doubts = false;
  #notBefore: { readonly since: Moment; readonly wait: number } | undefined;
  #failures = 0;
  /** How often in a row somebody else had written just before. */
  #conflicts = 0;
  /** What keeps it from watching, and from writing. */
  readonly #problems: { watch?: Problem | undefined; write?: Problem | undefined } = {};
  #reported: string | undefined;
  #announced: string | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #wake = (): void => {};
  #releasing: PromiseWithResolvers<void> | undefined;

  constructor({ connection, namespace, city, identity, log }: CityLeaseOptions) {
    this.#identity = identity;
    this.#mine = new Set([identity]);
    this.#city = city;
    this.#name = leaseName(city);
    this.#server = connection.server;
    this.#log = log;
    const abort = new AbortController();
    const collection = ["apis", "coordination.k8s.io", "v1", "namespaces", namespace, "leases"];
    this.#calls = new LeaseCalls(connection, collection, this.#name, abort.signal);
    const fieldSelector = `metadata.name=${this.#name}`;
    const source = { connection, collection, fieldSelector, project: (lease: Lease) => lease };
    const sink = {
      put: (_: string, lease: Lease) => this.#shown(lease),
      remove: () => this.#shown(undefined),
      synced: () => {
        this.#synced = true;
        this.#nudge();
      },
      problem: (problem: Problem | undefined) => this.#report("watch", problem),
    };
    this.#own.add(new Reflector<Lease, Lease>(source, sink, watchTiming));
    this.#own.add(toDisposable(() => clearTimeout(this.#deadline)));
    this.#own.add(toDisposable(() => abort.abort()));
    void this.#run();
  }

  get onNews(): Event<LeaseNews> {
    return this.#news.event;
  }

  get state(): LeaseState {
    if (this.#view.renewedAt) return { kind: "ours" };
    if (!this.#synced) return { kind: "unknown" };
    const holder = this.#otherHolder();
    return holder ? { kind: "theirs", holder, since: this.#since() } : { kind: "free" };
  }

  /** What keeps it from seeing or writing the lease; undefined when nothing does. */
  get problem(): Problem | undefined {
    return this.#problems.write ?? this.#problems.watch;
  }

  /** Whether the holder may act at this very moment. Ask before each act: a process that was stopped has missed its timers. */
  mayAct(): boolean {
    return mayAct(this.#view, thisMoment(), leaseTimes);
  }

  /** From now until `release` these count as dead: their holders surely act no more. */
  inherit(identities: readonly string[]): void {
    this.#mine = new Set([this.#identity, ...identities]);
  }

  /** From now on takes the lease as soon as nobody has it. */
  contend(): void {
    this.#contends = true;
    this.#stopped = false;
    this.#released();
    this.#nudge();
  }

  /** Contends, and asks whoever holds the lease to hand it over. One that does not listen keeps it for as long as it lives. */
  takeOver(): void {
    this.#asks = true;
    this.#asked = "";
    this.contend();
  }

  /**
   * Acts and contends no longer, and gives the lease back, so that the next one has it at once; one that stands in line gives
   * up when the city was `stopped`. If that fails for ten seconds, this returns all the same: the lease runs out by itself.
   */
  async release(stopped = false): Promise<void> {
    this.#contends = false;
    this.#waited = false;
    this.#stopped ||= stopped;
    this.#asks = false;
    this.inherit([]);
    this.#stopActing();
    if (this.#own.disposed) return;
    const releasing = (this.#releasing ??= Promise.withResolvers<void>());
    const timer = setTimeout(() => this.#released(), leaseTimes.renewDeadline);
    this.#nudge();
    await releasing.promise;
    clearTimeout(timer);
  }

  /** Leaves the lease as it is: `release` first. */
  dispose(): void {
    this.#contends = false;
    this.#stopActing();
    this.#own.dispose();
    this.#released();
    this.#wake();
  }

  async #run(): Promise<void> {
    while (!this.#own.disposed) {
      this.#checkDeadline();
      this.#announce();
      const { due, act } = this.#next();
      if (due > 0) await this.#sleep(due);
      else await this.#perform(act);
    }
  }

  /** What to do next, and in how many milliseconds. */
  #next(): { readonly due: number; readonly act: () => Promise<void> } {
    const now = thisMoment();
    const idle = async (): Promise<void> => {};
    if (!this.#synced) {
      if (!this.#contends) this.#released();
      return { due: Infinity, act: idle };
    }
    if (this.#doubts) return { due: 0, act: () => this.#look() };
    const pause = this.#notBefore ? this.#notBefore.wait - surelyPassed(this.#notBefore.since, now) : 0;
    const isMine = this.#view.seen?.holder === this.#identity;
    const due = writeDue(this.#view, this.#mine, now, leaseTimes);
    if (!this.#contends) {
      if (isMine) return { due: pause, act: () => this.#write("") };
      this.#released();
      // A dead holder is no holder, also for those who only look on.
      return { due: due > 0 ? due : Infinity, act: idle };
    }
    const lease = this.#lease;
    const requester = lease && requesterOf(lease);
    if (isMine && requester !== undefined && requester !== this.#identity) {
      return { due: pause, act: () => this.#handOver(requester) };
    }
    const holder = this.#otherHolder()?.identity;
    if (holder !== undefined) this.#waited = true;
    else if (this.#waited && !isMine && lease && isStopped(lease)) return { due: 0, act: async () => this.#giveUp() };
    if (lease && holder !== undefined && this.#asks && this.#asked !== holder) {
      return { due: pause, act: () => this.#ask(lease, holder) };
    }
    return { due: Math.max(due, pause), act: () => this.#write(this.#identity) };
  }

  /** Performs a step. One that fails is tried again later: soon by a holder, ever less often by others. */
  async #perform(act: () => Promise<void>): Promise<void> {
    const since = thisMoment();
    try {
      await act();
      const wait = this.#conflicts > 1 ? backoffDelay(this.#conflicts - 1, conflictBackoff) : 0;
      this.#notBefore = { since: thisMoment(), wait };
      this.#failures = 0;
      this.#report("write", this.#conflicts < manyConflicts ? undefined : contested(this.#name));
    } catch (error) {
      if (this.#own.disposed) return;
      this.#failures += 1;
      const isMine = this.#view.seen?.holder === this.#identity;
      this.#notBefore = { since, wait: isMine ? leaseTimes.retry : backoffDelay(this.#failures, retryBackoff) };
      this.#report("write", clusterProblem(error, this.#server).problem);
    }
    this.#checkDeadline();
  }

  /** Writes `holder` into the lease, unless somebody has written meanwhile. */
  async #write(holder: string): Promise<void> {
    const sentAt = thisMoment();
    const stopped = holder === "" && this.#stopped;
    const options = { name: this.#name, before: this.#lease, duration: leaseTimes.duration, stopped };
    const lease = await this.#calls.write(leaseHeldBy(holder, options));
    if (!lease) return this.#outrun();
    this.#conflicts = 0;
    const wasHeld = this.#view.renewedAt !== undefined;
    const view = written(this.#identity, sightOf(lease), sentAt, thisMoment());
    // It may have been given up, or have come too late, while the call was under way.
    const acts = this.#contends && mayAct(view, thisMoment(), leaseTimes);
    this.#lease = lease;
    this.#view = { ...view, renewedAt: acts ? view.renewedAt : undefined };
    if (!acts) return wasHeld ? this.#lose(notRenewed(seconds, this.#problems.write)) : undefined;
    this.#asks = false;
    clearTimeout(this.#deadline);
    const remaining = leaseTimes.renewDeadline - surelyPassed(sentAt, thisMoment());
    this.#deadline = setTimeout(() => this.#checkDeadline(), Math.ceil(remaining) + 1);
    if (wasHeld) return;
    this.#waited = false;
    this.#log.debug(`The city ${this.#city} is controlled from here (lease ${this.#name})`);
    this.#news.fire({ kind: "acquired" });
  }

  #giveUp(): void {
    this.#contends = false;
    this.#waited = false;
    this.#log.info(`The city ${this.#city} was stopped by who controlled it`);
    this.#news.fire({ kind: "stopped" });
  }

  /** Stops acting, and only then lets the other one act. */
  async #handOver(requester: string): Promise<void> {
    if (this.#view.renewedAt) this.#lose(handedOver(holderOf(requester)));
    await this.#write(requester);
  }

  async #ask(before: Lease, holder: string): Promise<void> {
    const lease = await this.#calls.write(leaseAskedFor(this.#identity, before));
    if (!lease) return this.#outrun();
    this.#conflicts = 0;
    this.#asked = holder;
    this.#see(lease);
  }

  /** Somebody else has written since it was looked at. */
  async #outrun(): Promise<void> {
    this.#conflicts += 1;
    await this.#look();
  }

  /** What the server says the lease is now. */
  async #look(): Promise<void> {
    this.#doubts = false;
    const lease = await this.#calls.look();
    const isMine = lease && sightOf(lease).holder === this.#identity;
    this.#see(lease);
    if (this.#view.renewedAt && !isMine) this.#lose(takenAway(lease && holderOf(sightOf(lease).holder)));
  }

  /** A lease that is gone does not tell that its holder is, too. */
  #see(lease: Lease | undefined): void {
    this.#lease = lease;
    if (lease) this.#view = sighted(this.#view, sightOf(lease), thisMoment());
  }

  /** The watch comes late at times, hence a holder does not believe it, but looks. */
  #shown(lease: Lease | undefined): void {
    if (!this.#view.renewedAt) this.#see(lease);
    else if (!lease || sightOf(lease).holder !== this.#identity || requesterOf(lease) !== undefined)
      this.#doubts = true;
    else return;
    this.#nudge();
  }

  #checkDeadline(): void {
    if (this.#view.renewedAt && !this.mayAct()) this.#lose(notRenewed(seconds, this.#problems.write));
  }

  #lose(problem: Problem): void {
    this.#stopActing();
    this.#news.fire({ kind: "lost", problem });
  }

  #stopActing(): void {
    this.#view = { ...this.#view, renewedAt: undefined };
    clearTimeout(this.#deadline);
  }

  /** Who else holds the lease and is not known to be dead. */
  #otherHolder(): LeaseHolder | undefined {
    const alive = writeDue(this.#view, this.#mine, thisMoment(), leaseTimes) > 0;
    return alive && !this.#view.renewedAt ? holderOf(this.#view.seen?.holder ?? "") : undefined;
  }

  #since(): number | undefined {
    return this.#lease && heldSince(this.#lease);
  }

  #announce(): void {
    if (!this.#synced) return;
    const holder = this.#otherHolder();
    const announced = holder?.identity ?? (this.#view.renewedAt ? this.#identity : "");
    if (announced === this.#announced) return;
    this.#announced = announced;
    if (!this.#view.renewedAt) this.#news.fire({ kind: "heldBy", holder, since: this.#since() });
  }

  #report(of: "watch" | "write", ofIt: Problem | undefined): void {
    this.#problems[of] = ofIt;
    const { problem } = this;
    if (problem?.reason === this.#reported) return;
    this.#reported = problem?.reason;
    if (problem) this.#log.debug(`Lease ${this.#name}: ${problem.reason}. ${problem.action}`);
    this.#news.fire({ kind: "problem", problem });
  }

  #released(): void {
    this.#releasing?.resolve();
    this.#releasing = undefined;
  }

  #nudge(): void {
    this.#notBefore = undefined;
    this.#wake();
  }

  /** Until the time is over, or something happens. */
  async #sleep(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = milliseconds < Infinity ? setTimeout(resolve, Math.ceil(milliseconds)) : undefined;
    await promise;
    clearTimeout(timer);
  }
}
