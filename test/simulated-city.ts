import { decide } from "../src/controller/reconcile/decide.ts";
import { sessionHashes } from "../src/controller/reconcile/session-hashes.ts";
import { failedToStart } from "../src/controller/reconcile/death.ts";
import {
  closed,
  held,
  newRecord,
  type RecordPatch,
  started,
  waking,
  woken,
} from "../src/controller/reconcile/record-changes.ts";
import { isAwake, type SessionRecord, sessionRecord } from "../src/controller/reconcile/session-record.ts";
import { drainChanges, drainsOf } from "../src/controller/reconcile/drain-changes.ts";
import type { Action, CityPlan, Decision, SessionFacts, World } from "../src/controller/reconcile/world.ts";
import type { SessionStatus } from "../src/sessions/session-provider.ts";
import { facts, noon, snapshot, status } from "./reconciled-world.ts";

/** What may happen to a city; `pick` chooses among the sessions or actions that it can happen to. */
export type Incident =
  | { readonly kind: "pass" | "jump"; readonly time: number }
  | {
      readonly kind:
        "die" | "zombie" | "signal" | "kill" | "acknowledge" | "restart" | "attach" | "detach" | "hold" | "wake";
      readonly pick: number;
    }
  | { readonly kind: "finish" | "fail"; readonly pick: number }
  | { readonly kind: "work"; readonly pick: number }
  | { readonly kind: "work-done" }
  | { readonly kind: "store"; readonly complete: boolean }
  | { readonly kind: "blind"; readonly blind: boolean }
  | { readonly kind: "crash"; readonly pick: number }
  | { readonly kind: "plan"; readonly pick: number };

/** However long a quarantine and a drain take, one after the other: no clock that was set makes a city wait for hours. */
const longest = 60 * 60_000;

interface Runtime {
  readonly status: SessionStatus;
  readonly facts: SessionFacts;
}

interface Job {
  readonly action: Action;
  readonly token: string;
}

/**
 * A city whose sessions, ledger and clock exist only here, and a controller that does what `decide` says: starts and stops
 * take as long as the history wants, the controller may be killed between any two steps. Throws when a rule is broken that
 * must hold at every moment.
 */
export class SimulatedCity {
  now = noon;
  plan: CityPlan;
  readonly #plans: readonly CityPlan[];
  readonly beads = new Map<string, { metadata: RecordPatch; open: boolean; createdAt: number }>();
  readonly runtimes = new Map<string, Runtime>();
  readonly jobs = new Map<string, Job>();
  readonly #ends = { told: new Map<string, number>(), signalled: new Map<string, number>() };
  #work: { id: string; assignee: string }[] = [];
  #complete = true;
  #blind = false;
  #since = noon;
  /** By how much, since the controller has acted last. */
  #jumped = 0;
  #count = 0;

  constructor(plans: readonly CityPlan[]) {
    const [first] = plans;
    if (!first) throw new Error("no plan");
    this.#plans = plans;
    this.plan = first;
  }

  get records(): readonly SessionRecord[] {
    return [...this.beads]
      .filter(([, { open }]) => open)
      .map(([id, { metadata, createdAt }]) => sessionRecord({ id, metadata, createdAt }));
  }

  world(): World {
    const { records } = this;
    const running = [...this.runtimes].filter(
      ([
        ,
        {
          status: { state },
        },
      ]) => state === "running",
    );
    return {
      city: this.plan,
      records,
      closed: new Map(),
      observed: { ...snapshot(...Array.from(this.runtimes.values(), ({ status }) => status)), synced: !this.#blind },
      facts: new Map(running.map(([name, { facts }]) => [name, facts])),
      work: {
        complete: this.#complete,
        assigned: this.#work.map((item) => ({ ...item, inProgress: true, blocked: false, priority: 2 })),
        scale: new Map(),
      },
      ends: this.#ends,
      drains: drainsOf(records, this.#jumped),
      busy: new Set(this.jobs.keys()),
      since: this.#since,
      now: this.now,
    };
  }

  /** Something happens, and the controller acts. */
  suffer(incident: Incident): void {
    this.#happen(incident);
    this.#act();
  }

  /** Lets all that is under way end, and time pass, until nothing is left to do. Throws when that never comes. */
  settle(): void {
    this.#blind = false;
    this.#complete = true;
    const latest = this.now + longest;
    for (let round = 0; round < 2000; round++) {
      const { wakeAt, changes } = this.#act();
      const [session] = this.jobs.keys();
      if (session !== undefined) this.#finish(session);
      else if (changes.length > 0) continue;
      else if (wakeAt === undefined || wakeAt > this.now + 40 * 365 * 86_400_000) return;
      else this.now = Math.max(this.now, wakeAt);
      if (this.now > latest) throw new Error(`still has to wait after ${longest / 60_000} min`);
    }
    throw new Error(`does not converge: ${JSON.stringify(decide(this.world()))}`);
  }

  #act(): Decision {
    const world = this.world();
    const decision = decide(world);
    this.#checkSame(world, decision);
    this.#jumped = 0;
    for (const change of drainChanges(world.records, decision.drains)) {
      if (change.kind === "patch") this.#patch(change.id, change.patch, false);
    }
    if (!this.#blind && decision.changes.length + decision.actions.length === 0) this.#checkRecorded();
    const touched = new Set<string>();
    for (const change of decision.changes) {
      if (change.kind === "create") {
        const id = `gc-${++this.#count}`;
        const metadata = newRecord(change.record, `token-${id}`, this.now, change.adopted);
        const name = change.record.session || `${change.record.template}-${id}`;
        this.beads.set(id, { metadata: { ...metadata, session_name: name }, open: true, createdAt: this.now });
      } else if (change.kind === "release") {
        this.#work = this.#work.filter(({ id }) => id !== change.work);
      } else {
        if (touched.has(change.id)) throw new Error(`two changes of ${change.id}`);
        touched.add(change.id);
        this.#patch(
          change.id,
          change.kind === "close" ? closed(change.reason, this.now) : change.patch,
          change.kind === "close",
        );
      }
    }
    for (const action of decision.actions) this.#begin(action);
    for (const { deadline } of decision.drains.values()) {
      if (deadline < this.now && !this.#blind && this.#complete && this.jobs.size === 0)
        throw new Error("a drain goes on after its deadline");
    }
    return decision;
  }

  #begin(action: Action): void {
    if (action.kind === "drain" || action.kind === "undrain") return;
    const session = action.kind === "stop" ? action.session : action.record.session;
    if (this.jobs.has(session)) throw new Error(`${action.kind} of ${session}, which is busy`);
    if (this.#blind) throw new Error(`${action.kind} of ${session} unseen`);
    const token = `token-${++this.#count}`;
    if (action.kind === "start") {
      const { record } = action;
      const there = this.runtimes.get(session)?.status.state;
      if (there === "running" || there === "starting") throw new Error(`a second ${session}`);
      this.#checkOrder(record);
      this.#patch(record.id, waking(record.generation, token, this.now), false);
      this.runtimes.set(session, {
        status: status(session, "starting", { createdAt: this.now, id: token }),
        facts: facts({ owner: record.id, lastActivity: this.now }),
      });
      this.#checkCaps();
    }
    this.jobs.set(session, { action, token });
  }

  /** The wall clock is set; the controller's driver takes what it counts in this process along. */
  #jump(time: number): void {
    this.now += time;
    this.#since += time;
    this.#jumped += time;
    for (const [name, runtime] of this.runtimes) {
      const { lastActivity } = runtime.facts;
      this.runtimes.set(name, { ...runtime, facts: { ...runtime.facts, lastActivity: lastActivity + time } });
    }
  }

  #checkSame(world: World, decision: Decision): void {
    const shuffled: World = {
      ...world,
      records: world.records.toReversed(),
      facts: new Map([...world.facts].toReversed()),
      observed: { ...world.observed, sessions: new Map([...world.observed.sessions].toReversed()) },
      work: { ...world.work, assigned: world.work.assigned.toReversed() },
    };
    if (JSON.stringify(decide(shuffled)) !== JSON.stringify(decision))
      throw new Error("another order decides otherwise");
  }

  /** Who runs is known to: else nobody would notice its death. */
  #checkRecorded(): void {
    for (const record of this.records) {
      const runs = this.runtimes.get(record.session)?.status.state === "running" && !this.jobs.has(record.session);
      if (runs && !isAwake(record)) throw new Error(`${record.session} runs and is left ${record.state}`);
    }
  }

  #checkOrder({ template }: SessionRecord): void {
    const agent = this.plan.agents.find(({ name }) => name === template);
    const up = this.records.filter(({ session }) => this.runtimes.get(session)?.status.state === "running");
    for (const name of agent?.dependsOn ?? []) {
      if (!up.some((record) => record.template === name)) throw new Error(`${template} starts before ${name}`);
    }
  }

  #checkCaps(): void {
    const alive = this.records.filter(({ session }) => this.runtimes.has(session));
    for (const { name, max } of this.plan.agents) {
      if (alive.filter(({ template }) => template === name).length > max) throw new Error(`too many of ${name}`);
    }
    const known = new Set(this.plan.agents.map(({ name }) => name));
    if (alive.filter(({ template }) => known.has(template)).length > this.plan.maxSessions)
      throw new Error("too many in the city");
  }

  #happen(incident: Incident): void {
    const names = [...this.runtimes.keys()].filter((name) => this.runtimes.get(name)?.status.state === "running");
    const name = "pick" in incident ? names[incident.pick % Math.max(1, names.length)] : undefined;
    const note = (change: Partial<SessionFacts>): void => {
      const runtime = name === undefined ? undefined : this.runtimes.get(name);
      if (runtime && name) this.runtimes.set(name, { ...runtime, facts: { ...runtime.facts, ...change } });
    };
    switch (incident.kind) {
      case "pass":
        this.now += incident.time;
        break;
      case "jump":
        this.#jump(incident.time);
        break;
      case "die":
        if (name) this.runtimes.delete(name);
        break;
      case "signal":
        if (name) this.#ends.signalled.set(name, this.now);
        if (name) this.runtimes.delete(name);
        break;
      case "kill": {
        const record = this.records.find(({ session }) => session === name);
        if (record) this.#ends.told.set(record.id, record.generation);
        if (name) this.runtimes.delete(name);
        break;
      }
      case "zombie":
        return note({ alive: false });
      case "acknowledge":
        return note({ drainAcknowledged: true });
      case "restart":
        return note({ restartRequested: true });
      case "attach":
        return note({ attached: true });
      case "detach":
        return note({ attached: false });
      case "hold":
      case "wake": {
        const record = this.records[incident.pick % Math.max(1, this.records.length)];
        if (record) this.#patch(record.id, incident.kind === "hold" ? held(this.now) : woken(), false);
        break;
      }
      case "finish":
      case "fail": {
        const session = [...this.jobs.keys()][incident.pick % Math.max(1, this.jobs.size)];
        if (session !== undefined) this.#finish(session, incident.kind === "fail");
        break;
      }
      case "work": {
        const record = this.records[incident.pick % Math.max(1, this.records.length)];
        if (record) this.#work.push({ id: `w-${++this.#count}`, assignee: record.id });
        break;
      }
      case "work-done":
        this.#work = [];
        break;
      case "store":
        this.#complete = incident.complete;
        break;
      case "blind":
        this.#blind = incident.blind;
        break;
      case "plan":
        this.plan = this.#plans[incident.pick % this.#plans.length] ?? this.plan;
        break;
      case "crash":
        this.#crash(incident.pick);
    }
  }

  /** The controller is killed: what it did may have happened or not, and nobody writes it down. */
  #crash(pick: number): void {
    for (const [session, { action }] of this.jobs) {
      if (action.kind === "stop" && pick % 2 === 0) this.runtimes.delete(session);
      const runtime = this.runtimes.get(session);
      if (action.kind === "start" && runtime && pick % 3 === 0) {
        this.runtimes.set(session, { ...runtime, status: { ...runtime.status, state: "running" } });
      }
    }
    this.jobs.clear();
    this.#since = this.now;
  }

  #finish(session: string, fails = false): void {
    const job = this.jobs.get(session);
    if (!job) return;
    this.jobs.delete(session);
    const { action } = job;
    const runtime = this.runtimes.get(session);
    if (action.kind === "stop") {
      if (fails) return;
      this.runtimes.delete(session);
      if (action.after) this.#patch(action.after.id, action.after.patch, false);
    } else if (action.kind === "start") {
      const record = this.records.find(({ id }) => id === action.record.id);
      if (fails || !runtime) {
        this.runtimes.delete(session);
        if (record)
          this.#patch(record.id, failedToStart(record, this.now, { blameless: this.#count % 3 === 0 }).patch, false);
        return;
      }
      this.runtimes.set(session, { ...runtime, status: { ...runtime.status, state: "running" } });
      const agent = this.plan.agents.find(({ name }) => name === action.record.template);
      const from = agent && sessionHashes(agent.configOf(action.record));
      const { generation = 0 } = record ?? {};
      this.#patch(action.record.id, started(generation, from, this.now), false);
    }
  }

  #patch(id: string, patch: RecordPatch, closes: boolean): void {
    const bead = this.beads.get(id);
    if (!bead?.open) return;
    this.beads.set(id, { ...bead, metadata: { ...bead.metadata, ...patch }, open: !closes });
  }
}
