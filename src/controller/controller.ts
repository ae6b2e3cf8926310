import { randomUUID } from "node:crypto";
import type { BeadStore } from "../beads/bead-store.ts";
import type { City, CityAgent } from "../city/city.ts";
import type { EventLog } from "../events/event-log.ts";
import type { EventType } from "../events/event-types.ts";
import { backoffDelay } from "../lib/backoff.ts";
import { type Disposable, DisposableStore, toDisposable } from "../lib/disposable.ts";
import { Emitter, type Event } from "../lib/emitter.ts";
import type { Log } from "../lib/log.ts";
import { type Meter, silentMeter } from "../lib/meter.ts";
import { type Problem, problemOf } from "../lib/problem.ts";
import type { SessionProvider, SessionSnapshot } from "../sessions/session-provider.ts";
import { Ledger, instanceToken } from "./ledger.ts";
import { patchOf } from "./reconcile/verdict.ts";
import { ClockJumps } from "./clock-jumps.ts";
import { DeathWatch } from "./death-watch.ts";
import { decide } from "./reconcile/decide.ts";
import type { Drain } from "./reconcile/drain.ts";
import { drainChanges, drainsOf } from "./reconcile/drain-changes.ts";
import { keepsConversations, nextConversation } from "./reconcile/conversation.ts";
import type { WakeCause } from "./reconcile/wake-cause.ts";
import { waking } from "./reconcile/record-changes.ts";
import type { SessionRecord } from "./reconcile/session-record.ts";
import { unknownState } from "./reconcile/unknown-state.ts";
import type { Action, Decision, RecordChange, SessionFacts, World } from "./reconcile/world.ts";
import { ScaleChecks } from "./scale-checks.ts";
import { ToldEnds } from "./told-ends.ts";
import { type Asked, FactsReader } from "./session-facts.ts";
import { SessionWork, type WorkKind } from "./session-work.ts";

export interface ControllerOptions {
  readonly provider: SessionProvider;
  readonly store: BeadStore;
  readonly events: EventLog;
  readonly city: City;
  /** Whether the city was started; else only what somebody asks for runs. */
  readonly started: boolean;
  readonly log: Log;
  readonly meter?: Meter;
  /** What scale_check commands run in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asked before anything is written or done: whether this process is the city's controller at this moment. */
  readonly mayAct: () => boolean;
  /** Whether nobody wants anything to run: then a controller does nothing of its own. */
  readonly isIdle: () => boolean;
}

/** How often sessions that were asked to finish are asked whether they have, in milliseconds. */
const drainLook = 1000;
const storeBackoff = { initial: 500, maximum: 5000, factor: 2, jitter: 0.2 };

/**
 * Looks at a city, and does what `decide` says while it may: woken by news, at the times that a decision names, and every
 * `patrol_interval` in case something was missed. Disposing it leaves the sessions running.
 */
export class Controller implements Disposable {
  readonly #options: ControllerOptions;
  readonly #meter: Meter;
  readonly #deaths = new DeathWatch();
  readonly #jumps = new ClockJumps();
  readonly #ends: ToldEnds;
  readonly #own = new DisposableStore();
  readonly #changed = this.#own.add(new Emitter<void>());
  readonly #ledger: Ledger;
  readonly #facts: FactsReader;
  readonly #checks: ScaleChecks;
  readonly #work: SessionWork;
  #city: City;
  #started: boolean;
  #observed: SessionSnapshot = { synced: false, sessions: new Map(), problem: undefined };
  #wanted: ReadonlyMap<string, WakeCause> = new Map();
  /** Records that were told of. */
  readonly #toldUnknown = new Set<string>();
  /** Since when this controller may act; undefined while it may not. */
  #since: number | undefined;
  /** When everything was looked at last, on the clock that nobody sets. */
  #patrolled = -Infinity;
  /** Until the newest event is written. */
  #written: Promise<void> = Promise.resolve();
  /** Whether a decision has named this moment: it is made on what is so now, not on what was. */
  #due = false;
  #paused = false;
  #failures = 0;
  #problem: Problem | undefined;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #again = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#meter = options.meter ?? silentMeter;
    this.#city = options.city;
    this.#started = options.started;
    this.#ledger = this.#own.add(new Ledger(options.store));
    this.#facts = new FactsReader(options.provider, () => this.wake());
    this.#ends = this.#own.add(new ToldEnds(options.events, options.log, () => this.wake()));
    this.#checks = this.#own.add(new ScaleChecks(options.log, options.env));
    this.#work = this.#own.add(
      new SessionWork({
        ...options,
        meter: this.#meter,
        ledger: this.#ledger,
        record: (type, subject, message) => this.#record(type, subject, message),
        changed: () => this.wake(),
      }),
    );
    this.#own.add(toDisposable(() => clearTimeout(this.#timer)));
    this.#own.add(this.#ledger.onDidChange(() => this.wake()));
    this.#own.add(
      options.provider.watch((snapshot) => {
        this.#deaths.look(this.#observed, snapshot, (session) => this.#work.kindOf(session) === "stopping");
        this.#observed = snapshot;
        this.wake();
      }),
    );
  }

  /** Fires after anything below changed. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  get observed(): SessionSnapshot {
    return this.#observed;
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  /** Why a session shall run, by record id, as decided last; absent for one that shall not. */
  get wanted(): ReadonlyMap<string, WakeCause> {
    return this.#wanted;
  }

  /** What keeps the controller from its work: beads that cannot be read or written. */
  get problem(): Problem | undefined {
    return this.#ledger.problem ?? this.#problem;
  }

  /** Why the scale_checks of agents do not count, by agent. */
  get checkProblems(): ReadonlyMap<string, string> {
    return this.#checks.problems;
  }

  /** What is being done to a session by this controller right now. */
  workOn(session: string): WorkKind | undefined {
    return this.#work.kindOf(session);
  }

  /** Why the last start of a session failed. */
  failureOf(session: string): Problem | undefined {
    return this.#work.failureOf(session);
  }

  /** Goes on with a new city, or as one that was started or not. */
  update(change: { readonly city?: City; readonly started?: boolean }): void {
    this.#city = change.city ?? this.#city;
    this.#started = change.started ?? this.#started;
    this.wake();
  }

  /** Looks at everything anew and decides: somebody has said that something changed. */
  poke(): void {
    this.#patrolled = -Infinity;
    this.wake();
  }

  /** Decides once after all news of this turn, and again when there were more meanwhile. */
  wake(): void {
    if (this.#own.disposed) return;
    this.#again = true;
    this.#round ??= this.#rounds();
  }

  /**
   * Changes records as a person asked, forgets why they failed, and decides. Fails when they cannot be written.
   */
  async ask(changes: readonly RecordChange[]): Promise<void> {
    await this.#ledger.write(changes, Date.now(), new Set(this.#observed.sessions.keys()));
    this.#work.forgetFailures(changes.flatMap((change) => ("id" in change ? [change.id] : [])));
    this.wake();
  }

  /** Ends a session at once. */
  async stop(session: string): Promise<void> {
    await this.#work.stop(session);
  }

  /** Does nothing of its own while `task` runs, once all that is under way has ended: starts are cancelled. */
  async alone<T>(task: (work: SessionWork) => Promise<T>): Promise<T> {
    this.#paused = true;
    try {
      await this.#round;
      await this.#work.cancelStarts();
      return await task(this.#work);
    } finally {
      this.#paused = false;
      this.wake();
    }
  }

  /** Ends its work, its last event written; sessions go on. */
  async close(): Promise<void> {
    this.#rest();
    this.dispose();
    await this.#written;
  }

  dispose(): void {
    this.#own.dispose();
  }

  async #rounds(): Promise<void> {
    // All news of one turn belong to one round.
    await Promise.resolve();
    while (this.#again && !this.#own.disposed) {
      this.#again = false;
      this.#meter.count("rounds-begun", {});
      try {
        await this.#decideOnce();
        this.#meter.count("rounds", { outcome: "done" });
        this.#failures = 0;
        this.#problem = undefined;
      } catch (error) {
        this.#meter.count("rounds", { outcome: "failed" });
        this.#failed(error);
      }
      this.#changed.fire();
    }
    // In the turn in which the last look at it was taken: a wake in between would be lost.
    this.#round = undefined;
  }

  #failed(error: unknown): void {
    const problem = problemOf(error);
    this.#problem = problem;
    this.#failures += 1;
    this.#wakeIn(backoffDelay(this.#failures, storeBackoff));
  }

  async #decideOnce(): Promise<void> {
    const { mayAct, isIdle } = this.#options;
    if (!mayAct()) return this.#rest();
    if (this.#paused || isIdle() || !this.#ledger.synced || this.#ledger.problem) return;
    const now = Date.now();
    const isFirst = this.#since === undefined;
    if (isFirst) {
      this.#since = now;
      this.#record("controller.started");
      await this.#ends.begin();
    }
    this.#patrol();
    const facts = await this.#ask();
    const world = this.#world(facts, Date.now(), this.#followClock());
    const decision = this.#decide(world);
    this.#tellUnknown();
    if (this.#paused || isIdle() || this.#own.disposed || !mayAct()) return;
    const starts = decision.actions.flatMap((action) => (action.kind === "start" ? [action.record] : []));
    const drains = drainChanges(world.records, decision.drains);
    const awakenings = starts.map((record) => this.#awakening(record, now));
    await this.#ledger.write([...drains, ...decision.changes, ...awakenings], now, this.#names());
    this.#wanted = decision.wanted;
    for (const { type, subject, message } of decision.happenings) this.#record(type, subject, message);
    if (!mayAct()) return;
    for (const action of decision.actions) this.#begin(action);
    // Whoever wrote them down may have been killed before the agents were told.
    if (isFirst) for (const action of inheritedDrains(world.records, decision.drains)) this.#begin(action);
    if (decision.changes.length > 0) this.#again = true;
    this.#wakeIn(Math.min(this.#nextLook(), (decision.wakeAt ?? Infinity) - Date.now()));
  }

  #decide(world: World): Decision {
    const begun = performance.now();
    const decision = decide(world);
    this.#meter.time("decide", (performance.now() - begun) / 1000);
    return decision;
  }

  /** Once of each record. */
  #tellUnknown(): void {
    for (const record of this.#ledger.records) {
      const unknown = unknownState(record);
      if (!unknown || this.#toldUnknown.has(record.id)) continue;
      this.#toldUnknown.add(record.id);
      this.#options.log.warn(`${record.alias}: ${unknown.reason}. ${unknown.action}`);
    }
  }

  /** Forgets what only a controller knows. */
  #rest(): void {
    if (this.#since !== undefined) this.#record("controller.stopped");
    this.#since = undefined;
    this.#ends.dispose();
    this.#work.abandon();
    this.#wanted = new Map();
    clearTimeout(this.#timer);
  }

  /** By how much the clock has jumped, in milliseconds. What has begun goes on from where it was, whatever the clock says now. */
  #followClock(): number {
    const jump = this.#jumps.look();
    if (jump === 0) return 0;
    this.#options.log.info(`The clock has jumped by ${Math.round(jump / 1000)} s: it was set, or the machine slept`);
    if (this.#since !== undefined) this.#since += jump;
    return jump;
  }

  #patrol(): void {
    if (performance.now() - this.#patrolled < this.#city.controller.patrolInterval) return;
    this.#patrolled = performance.now();
    this.#checks.run(this.#city.agents, () => this.wake());
  }

  #nextLook(): number {
    return this.#ledger.records.some(({ drain }) => drain) ? drainLook : this.#city.controller.patrolInterval;
  }

  async #ask(): Promise<ReadonlyMap<string, SessionFacts>> {
    const agents = new Map(this.#city.agents.map((agent) => [agent.name, agent]));
    const due = this.#due;
    const sincePatrol = due ? 0 : performance.now() - this.#patrolled;
    this.#due = false;
    const asked = this.#ledger.records.flatMap((record): readonly Asked[] => {
      const status = this.#observed.sessions.get(record.session);
      if (status?.state !== "running" || this.#work.kindOf(record.session) === "stopping") return [];
      const maxAge = record.drain ? Math.min(drainLook, sincePatrol) : sincePatrol;
      return [{ status, programs: programsOf(agents.get(record.template), record), maxAge }];
    });
    return this.#facts.read(asked, due);
  }

  #world(facts: ReadonlyMap<string, SessionFacts>, now: number, jump: number): World {
    const { suspended, agents, maxSessions, maxOfRig, controller } = this.#city;
    const counted = agents.filter(({ scaleCheck }) => !scaleCheck);
    const routed = counted.map(({ name }): [string, number] => [name, this.#ledger.routedTo(name)]);
    return {
      city: { suspended, started: this.#started, agents, maxSessions, maxOfRig, controller },
      records: this.#ledger.records,
      closed: this.#ledger.closed,
      observed: this.#observed,
      facts,
      work: {
        complete: true,
        assigned: this.#ledger.work,
        scale: new Map([...routed, ...this.#checks.counts]),
      },
      ends: { told: this.#ends.of(this.#ledger.records), signalled: this.#deaths.signalled },
      drains: drainsOf(this.#ledger.records, jump),
      busy: this.#work.busy,
      since: this.#since ?? now,
      now,
    };
  }

  #begin(action: Action): void {
    if (action.kind !== "start") return this.#work.begin(action, this.#city);
    // As it is written now: of another incarnation.
    const record = this.#ledger.records.find(({ id }) => id === action.record.id);
    if (!record) return;
    const dead = this.#deaths.replaced(record.session);
    if (dead !== undefined) this.#meter.time("replacement", dead);
    this.#work.begin({ kind: "start", record }, this.#city);
  }

  /** The change that makes a session ready to be started: another incarnation of it. */
  #awakening(record: SessionRecord, now: number): RecordChange {
    const config = this.#city.agents.find(({ name }) => name === record.template)?.configOf(record);
    return patchOf(record, {
      session_name: record.session,
      ...waking(record.generation, instanceToken(), now),
      ...(keepsConversations(this.#city) && nextConversation(record, config, randomUUID())),
    });
  }

  #names(): ReadonlySet<string> {
    return new Set(this.#observed.sessions.keys());
  }

  #record(type: EventType, subject = "", message = ""): void {
    this.#written = this.#options.events.record({ type, time: Date.now(), actor: "gc", subject, message });
  }

  #wakeIn(delay: number): void {
    clearTimeout(this.#timer);
    // A timer takes no more than 2³¹ ms, and a clock that jumps shall not make it miss its time by much.
    if (delay === Infinity) return;
    this.#timer = setTimeout(
      () => {
        this.#due = true;
        this.wake();
      },
      Math.min(Math.max(1, delay), 60_000),
    );
  }
}

function inheritedDrains(records: readonly SessionRecord[], drains: ReadonlyMap<string, Drain>): readonly Action[] {
  return records.flatMap((record) =>
    record.drain && drains.get(record.id) === record.drain
      ? [{ kind: "drain", record, reason: record.drain.reason }]
      : [],
  );
}

function programsOf(agent: CityAgent | undefined, record: SessionRecord): readonly string[] {
  return agent?.configOf(record).processNames ?? [];
}
