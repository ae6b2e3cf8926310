import { describe, expect, it } from "vitest";
import {
  active,
  agentPlan,
  cityPlan,
  facts,
  namedAgent,
  noon,
  noWork,
  recordOf,
  snapshot,
  startedFrom,
  status,
  worldOf,
} from "../../../test/reconciled-world.ts";
import { decide } from "./decide.ts";
import type { CityAgent } from "../../city/city.ts";
import type { RecordPatch } from "./record-changes.ts";
import type { SessionFacts, World } from "./world.ts";

const second = 1000;
const minute = 60_000;
const city = cityPlan([namedAgent("mayor"), agentPlan("coder", { min: 1, max: 3 })]);
const mayor = { template: "mayor", alias: "mayor", origin: "named", slot: 0, session: "mayor" } as const;
const coder = { template: "coder" } as const;

/** What is decided about one session alone, which runs unless the world says otherwise; `patch` is more of its record. */
function decidedOf(id: string, draft: Parameters<typeof recordOf>[1], usual: CityAgent) {
  return (
    patch: RecordPatch,
    { agent = usual, fact = facts(), ...world }: Partial<World> & { agent?: CityAgent; fact?: SessionFacts } = {},
  ) => {
    const record = recordOf(id, draft, { ...active(), ...patch });
    const observed = snapshot(status(record.session));
    const known = new Map([[record.session, fact]]);
    return decide(worldOf({ city: cityPlan([agent]), records: [record], observed, facts: known, ...world }));
  };
}

const ofMayor = decidedOf("gc-1", mayor, namedAgent("mayor"));
/** Of a pool that needs none. */
const ofCoder = decidedOf("gc-2", coder, agentPlan("coder"));

const nothing = { changes: [], actions: [], happenings: [] };
const gone = { observed: snapshot() };

describe("desired sessions", () => {
  it("get a record first", () => {
    expect(decide(worldOf({ city })).changes).toMatchObject([
      { kind: "create", record: { alias: "mayor", session: "mayor", origin: "named" } },
      { kind: "create", record: { alias: "coder-1", slot: 1, origin: "ephemeral" } },
    ]);
  });

  it("wait for a place in a city that was not started, when more were asked for than may run; what runs stays", () => {
    const pool = cityPlan([agentPlan("coder", { max: 1 })], { started: false });
    const [asked, runs] = [recordOf("gc-1", coder), recordOf("gc-2", coder, active())];
    const observed = snapshot(status(runs.session));
    const known = new Map([[runs.session, facts()]]);
    const full = worldOf({ city: pool, records: [asked, runs], observed, facts: known });
    expect(decide(full)).toMatchObject(nothing);
    expect(decide({ ...full, records: [asked] }).actions).toMatchObject([{ kind: "start", record: { id: "gc-1" } }]);
  });

  it("are started once they have one", () => {
    const records = [recordOf("gc-1", mayor), recordOf("gc-2", coder)];
    expect(decide(worldOf({ city, records })).actions).toMatchObject([
      { kind: "start", record: { session: "mayor" } },
      { kind: "start", record: { session: "coder-gc-2" } },
    ]);
  });

  it("are none in a suspended city", () => {
    expect(decide(worldOf({ city: { ...city, suspended: true } })).changes).toEqual([]);
  });

  it("are none of a suspended agent", () => {
    const suspended = cityPlan([namedAgent("mayor", true, { suspended: "suspended in city.toml" })]);
    expect(decide(worldOf({ city: suspended })).changes).toEqual([]);
  });

  it("are none of an agent that cannot be started", () => {
    const problem = { code: "unsupported", reason: "no provider", action: "name one" } as const;
    const broken = cityPlan([namedAgent("mayor", true, { problem })]);
    expect(decide(worldOf({ city: broken })).changes).toEqual([]);
    expect(decide(worldOf({ city: broken, records: [recordOf("gc-1", mayor)] }))).toMatchObject(nothing);
  });

  it("are as many as scale_check asks for, within the agent's limit", () => {
    const work = { ...noWork, scale: new Map([["coder", 7]]) };
    const made = decide(worldOf({ city: cityPlan([agentPlan("coder", { min: 1, max: 3 })]), work })).changes;
    expect(made).toMatchObject([1, 2, 3].map((slot) => ({ kind: "create", record: { slot } })));
  });

  it("are those that there are while scale_check does not count", () => {
    const agent = agentPlan("coder", { scaleCheck: { command: "exit 1", folder: "/" } });
    expect(ofCoder({}, { agent }).actions).toEqual([]);
    expect(ofCoder({ state: "asleep", sleep_reason: "crash" }, { agent, ...gone }).actions).toMatchObject([
      { kind: "start" },
    ]);
  });

  it("are no more than the rig's and the city's limits, named ones first", () => {
    const agents = [agentPlan("a", { min: 2, rig: "r" }), agentPlan("b", { min: 2 }), namedAgent("mayor")];
    const capped = cityPlan(agents, { maxSessions: 3, maxOfRig: new Map([["r", 1]]) });
    const made = decide(worldOf({ city: capped })).changes;
    expect(made.map((change) => change.kind === "create" && change.record.alias)).toEqual(["mayor", "a-1", "b-1"]);
  });

  it("on demand wait for work", () => {
    const onDemand = cityPlan([namedAgent("mayor", false)]);
    expect(decide(worldOf({ city: onDemand })).changes).toEqual([]);
    const work = {
      ...noWork,
      assigned: [{ id: "gc-9", assignee: "mayor", inProgress: false, blocked: false, priority: 2 }],
    };
    expect(decide(worldOf({ city: onDemand, work })).changes).toMatchObject([{ kind: "create" }]);
  });

  it("do not wake for work that waits itself", () => {
    const item = { id: "gc-9", assignee: "mayor", inProgress: false, blocked: true, priority: 2 };
    const city = cityPlan([namedAgent("mayor", false)]);
    expect(decide(worldOf({ city, work: { ...noWork, assigned: [item] } })).changes).toEqual([]);
  });

  it("of a pool are those with work before others", () => {
    const records = [recordOf("gc-1", { ...coder, slot: 1 }), recordOf("gc-2", { ...coder, slot: 2 })];
    const work = {
      ...noWork,
      assigned: [{ id: "gc-9", assignee: "gc-2", inProgress: true, blocked: false, priority: 2 }],
    };
    const { actions } = decide(worldOf({ city: cityPlan([agentPlan("coder", { max: 1, min: 1 })]), records, work }));
    expect(actions).toMatchObject([{ kind: "start", record: { id: "gc-2" } }]);
  });

  it("bring those along that they depend on, and wait for them", () => {
    const agents = [namedAgent("mayor", true, { dependsOn: ["db"] }), agentPlan("db")];
    const made = decide(worldOf({ city: cityPlan(agents) })).changes;
    expect(made).toMatchObject(
      [{ record: { alias: "db-1", dependencyOnly: true } }, { record: { alias: "mayor" } }].toReversed(),
    );
    const db = { template: "db", dependencyOnly: true } as const;
    const records = [recordOf("gc-1", mayor), recordOf("gc-2", db)];
    expect(decide(worldOf({ city: cityPlan(agents), records })).actions).toMatchObject([{ record: { id: "gc-2" } }]);
    const up = { observed: snapshot(status("db-gc-2")), facts: new Map([["db-gc-2", facts()]]) };
    const later = worldOf({
      city: cityPlan(agents),
      records: [recordOf("gc-1", mayor), recordOf("gc-2", db, active())],
      ...up,
    });
    expect(decide(later).actions).toMatchObject([{ kind: "start", record: { id: "gc-1" } }]);
  });

  it("are started a few in a second", () => {
    const many = cityPlan([agentPlan("coder", { min: 9 })], { maxWakes: 5 });
    const records = Array.from({ length: 9 }, (_, index) => recordOf(`gc-${index + 1}`, { ...coder, slot: index + 1 }));
    const decision = decide(worldOf({ city: many, records }));
    expect(decision.actions).toHaveLength(5);
    expect(decision.wakeAt).toBe(noon + second);
  });
});

describe("the table", () => {
  it("1: lifts a hold and a quarantine when their time is over", () => {
    const past = new Date(noon - 1).toISOString();
    expect(ofMayor({ held_until: past }).changes).toMatchObject([{ patch: { held_until: "" } }]);
    expect(ofMayor({ quarantined_until: past }).changes).toMatchObject([
      { patch: { quarantined_until: "", wake_attempts: "0" } },
    ]);
  });

  it("2: closes the younger of two records of a named session", () => {
    const records = [recordOf("gc-2", mayor), recordOf("gc-1", mayor, active())];
    const decision = decide(worldOf({ city: cityPlan([namedAgent("mayor")]), records }));
    expect(decision.changes).toContainEqual({ kind: "close", id: "gc-2", reason: "duplicate" });
  });

  it("3: leaves alone a record in a state that it does not know", () => {
    expect(ofMayor({ state: "transcending" })).toMatchObject({ actions: [], happenings: [] });
    expect(ofMayor({ state: "transcending" }, gone)).toMatchObject(nothing);
    // It may run, and keeps its place in a pool; what depends on it, and finds it running, goes on.
    expect(ofCoder({ state: "transcending" }, { agent: agentPlan("coder", { min: 1 }), ...gone })).toMatchObject(
      nothing,
    );
  });

  it("4: asks a session without an agent to finish, and ends it soon when it has nothing to finish", () => {
    const orphan = { agent: agentPlan("other") };
    const asked = ofCoder({}, orphan);
    expect(asked).toMatchObject({ actions: [{ kind: "drain", reason: "orphaned" }], wakeAt: noon + 2 * second });
    expect(asked.happenings).toMatchObject([{ type: "session.draining", message: "orphaned" }]);
    const later = ofCoder({}, { ...orphan, drains: asked.drains, now: noon + 2 * second });
    expect(later.actions).toMatchObject([{ kind: "stop", after: { patch: { state: "asleep" } } }]);
  });

  it("4: waits for one with work until the deadline", () => {
    const work = {
      ...noWork,
      assigned: [{ id: "gc-9", assignee: "gc-2", inProgress: true, blocked: false, priority: 2 }],
    };
    const suspended = { agent: agentPlan("coder", { suspended: "suspended in city.toml" }), work };
    const asked = ofCoder({}, suspended);
    expect(asked.wakeAt).toBe(noon + 5 * minute);
    expect(ofCoder({}, { ...suspended, drains: asked.drains, now: noon + 4 * minute }).actions).toEqual([]);
    const end = ofCoder({}, { ...suspended, drains: asked.drains, now: noon + 5 * minute });
    expect(end.actions).toMatchObject([{ kind: "stop" }]);
  });

  it("4, 5: neither drains nor closes while a store does not answer", () => {
    const unseen = { agent: agentPlan("other"), work: { ...noWork, complete: false } };
    expect(ofCoder({}, unseen)).toMatchObject(nothing);
    expect(ofCoder({ state: "asleep" }, { ...unseen, ...gone })).toMatchObject(nothing);
  });

  it("5, 18: closes the record of one that does not run, and frees its work", () => {
    const work = {
      ...noWork,
      assigned: [{ id: "gc-9", assignee: "gc-2", inProgress: true, blocked: false, priority: 2 }],
    };
    const orphan = { agent: agentPlan("other"), ...gone };
    expect(ofCoder({ state: "asleep" }, { ...orphan, work }).changes).toEqual([
      { kind: "release", work: "gc-9" },
      { kind: "close", id: "gc-2", reason: "orphaned" },
    ]);
  });

  it("6: ends a session whose program is gone, and says what it showed last", () => {
    const decision = ofMayor({}, { fact: facts({ alive: false, screen: "panic: out of memory" }) });
    expect(decision.happenings).toMatchObject([{ type: "session.crashed", message: "panic: out of memory" }]);
    expect(decision.actions).toMatchObject([
      { kind: "stop", after: { patch: { state: "asleep", sleep_reason: "crash" } } },
    ]);
  });

  it("7: takes back what it asked for when another's session has the name, and leaves that one", () => {
    const decision = ofMayor({ state: "creating", pending_create_claim: "true" }, { fact: facts({ owner: "gc-77" }) });
    expect(decision.actions).toEqual([]);
    expect(decision.changes).toMatchObject([{ patch: { state: "asleep", pending_create_claim: "" } }]);
  });

  it("7: takes one that says nothing, or its own name, for the one it asked for", () => {
    for (const owner of ["", "gc-1"]) {
      const decision = ofMayor({ state: "creating", pending_create_claim: "true" }, { fact: facts({ owner }) });
      expect(decision.changes).toMatchObject([{ patch: { state: "active", pending_create_claim: "" } }]);
    }
  });

  it.each(["", "creating", "asleep", "drained", "quarantined", "stopped", "orphaned"])(
    "7: takes one that runs for started, though its record was left saying %j by a controller that was killed",
    (state) => {
      expect(ofMayor({ state }).changes).toMatchObject([{ patch: { state: "active" } }]);
    },
  );

  it("8: ends a session that says it has finished", () => {
    const decision = ofMayor({}, { fact: facts({ drainAcknowledged: true }) });
    expect(decision.actions).toMatchObject([
      { kind: "stop", message: "drain acknowledged by agent", after: { patch: { state: "drained" } } },
    ]);
  });

  it("is none when a controller was killed while it ended the session", () => {
    const ended = ofMayor({ generation: "3", gascity_ending: "3" }, gone);
    expect(ended).toMatchObject({ happenings: [], changes: [{ patch: { state: "asleep", sleep_reason: "restart" } }] });
    const earlier = ofMayor({ generation: "3", gascity_ending: "2" }, gone);
    expect(earlier.happenings).toMatchObject([{ type: "session.crashed" }]);
  });

  it("is none when somebody has said that he ended this incarnation", () => {
    const ends = (generation: number) => ({ told: new Map([["gc-1", generation]]), signalled: new Map() });
    const killed = ofMayor({ generation: "3", wake_attempts: "4" }, { ...gone, ends: ends(3) });
    expect(killed).toMatchObject({ happenings: [], changes: [{ patch: { state: "asleep", sleep_reason: "killed" } }] });
    expect(killed.changes).not.toMatchObject([{ patch: { wake_attempts: expect.anything() as string } }]);
    const earlier = ofMayor({ generation: "3" }, { ...gone, ends: ends(2) });
    expect(earlier.happenings).toMatchObject([{ type: "session.crashed" }]);
  });

  it("is waited with after a signal until whoever sent it is done", () => {
    const after = (age: number) =>
      ofMayor({}, { ...gone, ends: { told: new Map(), signalled: new Map([["mayor", noon - age]]) } });
    expect(after(second)).toMatchObject({ ...nothing, wakeAt: noon + 2 * second });
    for (const age of [3 * second, -second]) expect(after(age).happenings).toMatchObject([{ type: "session.crashed" }]);
  });

  it("9: puts a session into quarantine at its fifth quick death", () => {
    const first = ofMayor(active(noon - second), gone);
    expect(first.changes).toMatchObject([{ patch: { state: "asleep", wake_attempts: "1" } }]);
    expect(first.happenings).toMatchObject([{ type: "session.crashed", subject: "mayor" }]);
    const fifth = ofMayor({ ...active(noon - second), wake_attempts: "4" }, gone);
    expect(fifth.changes).toMatchObject([
      { patch: { quarantined_until: "2026-01-01T12:05:00Z", sleep_reason: "quarantine" } },
    ]);
    expect(fifth.happenings).toMatchObject([{ type: "session.crashed" }, { type: "session.quarantined" }]);
  });

  it("10: puts a session into quarantine at its third death within minutes", () => {
    const third = ofMayor({ ...active(noon - minute), churn_count: "2" }, gone);
    expect(third.changes).toMatchObject([{ patch: { sleep_reason: "context-churn", churn_count: "3" } }]);
  });

  it("9, 10: counts anew after a long life", () => {
    const decision = ofMayor({ ...active(noon - 10 * minute), churn_count: "2", wake_attempts: "4" }, gone);
    expect(decision.changes).toMatchObject([{ patch: { wake_attempts: "0", churn_count: "0" } }]);
  });

  it("9: waits between tries", () => {
    const dead = { state: "asleep", sleep_reason: "crash", slept_at: new Date(noon).toISOString() };
    expect(ofMayor({ ...dead, wake_attempts: "1" }, gone).actions).toMatchObject([{ kind: "start" }]);
    expect(ofMayor({ ...dead, wake_attempts: "3" }, gone)).toMatchObject({ actions: [], wakeAt: noon + 2 * second });
  });

  it("9, 15: starts at once what died, or was started, in a time to come", () => {
    const later = new Date(noon + 60 * minute).toISOString();
    const dead = { state: "asleep", sleep_reason: "crash", slept_at: later, last_woke_at: later, wake_attempts: "4" };
    const city = cityPlan([namedAgent("mayor")], { maxWakes: 1 });
    expect(ofMayor(dead, { ...gone, city }).actions).toMatchObject([{ kind: "start" }]);
  });

  it("11: starts a session anew when it or its record asks for that", () => {
    for (const decision of [
      ofMayor({}, { fact: facts({ restartRequested: true }) }),
      ofMayor({ restart_requested: "true" }),
    ]) {
      expect(decision.actions).toMatchObject([
        { kind: "stop", after: { patch: { gascity_started: "", restart_requested: "", session_key: "" } } },
      ]);
    }
  });

  it("12: starts a named session anew when its configuration changed", () => {
    const decision = ofMayor({ gascity_started: startedFrom("another") });
    expect(decision.actions).toMatchObject([{ kind: "stop", after: { patch: { gascity_started: "" } } }]);
    expect(decision.happenings).toMatchObject([{ type: "session.draining", message: "config drift detected" }]);
  });

  it("12: lets another one finish first, unless somebody looks at it, or the change is taken back", () => {
    const drift = { agent: agentPlan("coder", { min: 1 }) };
    const asked = ofCoder({ gascity_started: startedFrom("another") }, drift);
    expect(asked.actions).toMatchObject([{ kind: "drain", reason: "config-drift" }]);
    const attached = ofCoder(
      { gascity_started: startedFrom("another") },
      { ...drift, fact: facts({ attached: true }) },
    );
    expect(attached.actions).toEqual([]);
    const back = ofCoder({}, { ...drift, drains: asked.drains });
    expect(back).toMatchObject({ actions: [{ kind: "undrain" }], happenings: [{ type: "session.undrained" }] });
    expect(back.drains.size).toBe(0);
  });

  it("12: asks nothing of a session of which nobody knows what it was started from", () => {
    expect(ofMayor({ gascity_started: "" })).toMatchObject(nothing);
  });

  it("13: runs the live commands again when they alone changed", () => {
    expect(ofMayor({ gascity_started: startedFrom("run", ["theme"]) }).actions).toMatchObject([{ kind: "run-live" }]);
  });

  it("14: starts an idle session anew", () => {
    const agent = namedAgent("mayor", true, { idleTimeout: minute });
    const decision = ofMayor({}, { agent, fact: facts({ lastActivity: noon - 2 * minute }) });
    expect(decision.actions).toMatchObject([{ kind: "stop", after: { patch: { sleep_reason: "idle-timeout" } } }]);
    expect(decision.happenings).toMatchObject([{ type: "session.idle_killed" }]);
    const asleep = { state: "asleep", sleep_reason: "idle-timeout" };
    expect(ofMayor(asleep, gone).actions).toMatchObject([{ kind: "start" }]);
  });

  it("15: starts what should run and does not", () => {
    expect(ofMayor({ state: "asleep" }, gone).actions).toMatchObject([{ kind: "start", record: { id: "gc-1" } }]);
  });

  it("16: lets a session go that nobody needs, unless somebody looks at it", () => {
    expect(ofCoder({}).actions).toMatchObject([{ kind: "drain", reason: "no-wake-reason" }]);
    expect(ofCoder({}, { fact: facts({ attached: true }) }).actions).toEqual([]);
  });

  it("16: lets a session sleep that was idle for as long as its agent says", () => {
    const agent = namedAgent("mayor", false, { sleepAfterIdle: minute });
    const quiet = ofMayor({}, { agent, fact: facts({ lastActivity: noon - 30 * second }) });
    expect(quiet).toMatchObject({ actions: [], wakeAt: noon + 30 * second });
    const idle = ofMayor({}, { agent, fact: facts({ lastActivity: noon - minute }) });
    expect(idle.actions).toMatchObject([{ kind: "drain", reason: "idle" }]);
  });

  it("17: closes the record of a pool's session that sleeps without work", () => {
    expect(ofCoder({ state: "drained" }, gone).changes).toEqual([{ kind: "close", id: "gc-2", reason: "gc_swept" }]);
  });
});

describe("holds", () => {
  const far = new Date(noon + 100 * minute).toISOString();

  it("end a session, and keep it from being started", () => {
    const decision = ofMayor({ held_until: far });
    expect(decision.actions).toMatchObject([{ kind: "stop", after: { patch: { state: "suspended" } } }]);
    expect(decision.happenings).toMatchObject([{ type: "session.suspended" }]);
    expect(ofMayor({ held_until: far, state: "suspended" }, gone).actions).toEqual([]);
  });

  it("end a session whose record says already that it is held, and overwrite nobody who wakes it meanwhile", () => {
    const { actions, changes } = ofMayor({ held_until: far, state: "suspended" });
    expect(changes).toEqual([]);
    const patch = { last_woke_at: "", slept_at: new Date(noon).toISOString().replace(".000", "") };
    expect(actions).toEqual([{ kind: "stop", session: "mayor", message: "", after: { id: "gc-1", patch } }]);
  });

  it("are not got round by another session of the pool", () => {
    const held = ofCoder({ held_until: far, state: "suspended" }, { agent: agentPlan("coder", { min: 1 }), ...gone });
    expect(held).toMatchObject({ actions: [], changes: [] });
  });

  it("by a quarantine say when they end", () => {
    const soon = new Date(noon + 5 * minute).toISOString();
    expect(ofMayor({ quarantined_until: soon, state: "asleep" }, gone)).toMatchObject({
      actions: [],
      wakeAt: noon + 5 * minute,
    });
  });

  it("by a quarantine of a time to come are none: the clock was set back", () => {
    expect(ofMayor({ quarantined_until: far, state: "asleep" }, gone).changes).toMatchObject([
      { patch: { quarantined_until: "" } },
    ]);
  });
});

describe("what is not seen clearly", () => {
  it("is not touched", () => {
    const problem = { code: "cluster-unreachable", reason: "gone", action: "wait" } as const;
    for (const observed of [
      { ...snapshot(), synced: false },
      { ...snapshot(), problem },
    ]) {
      expect(ofMayor({}, { observed })).toMatchObject({ ...nothing, wakeAt: undefined });
    }
  });

  it("keeps its drains", () => {
    const drains = new Map([["gc-1", { reason: "idle", since: 1, deadline: 2 } as const]]);
    expect(ofMayor({}, { observed: { ...snapshot(), synced: false }, drains }).drains).toEqual(drains);
  });

  it("is left alone while an action on it is under way", () => {
    expect(ofMayor({}, { ...gone, busy: new Set(["mayor"]) })).toMatchObject(nothing);
  });

  it("is left alone until it has been asked", () => {
    expect(ofMayor({ gascity_started: startedFrom("another") }, { facts: new Map() })).toMatchObject(nothing);
  });
});

describe("sessions that come up", () => {
  const starting = (createdAt: number, since: number, looked = true) => ({
    observed: snapshot(status("mayor", "starting", { createdAt, looked })),
    since,
  });

  it("are taken away when the controller that was before has not completed their start", () => {
    const left = (since: number) => ofMayor({ state: "creating" }, starting(noon - minute, since));
    expect(left(noon - 5 * second)).toMatchObject({ actions: [], wakeAt: noon + 5 * second });
    expect(left(noon - 10 * second).actions).toMatchObject([{ kind: "stop" }]);
  });

  it("are taken away as well by a clock that is hours behind the cluster's", () => {
    const left = (createdAt: number) => ofMayor({ state: "creating" }, starting(createdAt, noon - minute));
    expect(left(noon + 60 * minute).actions).toMatchObject([{ kind: "stop" }]);
    expect(left(noon + 5 * second).actions).toEqual([]);
  });

  it("are taken away when a command of gc has not completed their start for a minute", () => {
    const left = (createdAt: number) => ofMayor({ state: "creating" }, starting(createdAt, noon - 2 * minute));
    expect(left(noon - 50 * second)).toMatchObject({ actions: [], wakeAt: noon + 10 * second });
    expect(left(noon - minute).actions).toMatchObject([{ kind: "stop" }]);
  });

  it("are waited for while nobody has looked into them", () => {
    expect(ofMayor({}, starting(noon - minute, noon - minute, false)).actions).toEqual([]);
  });

  it("are no death", () => {
    expect(ofMayor({}, starting(noon, noon)).changes).toEqual([]);
  });
});

describe("sessions without a record", () => {
  it("are ended when their record was closed while they ran, and adopted when they were started later", () => {
    const world = { city: cityPlan([namedAgent("mayor")]), closed: new Map([["mayor", noon]]) };
    const old = decide(
      worldOf({ ...world, observed: snapshot(status("mayor", "running", { createdAt: noon - second })) }),
    );
    expect(old.actions).toMatchObject([{ kind: "stop", session: "mayor" }]);
    expect(old.changes).not.toMatchObject([{ adopted: true }]);
    const later = decide(
      worldOf({ ...world, observed: snapshot(status("mayor", "running", { createdAt: noon + second })) }),
    );
    expect(later).toMatchObject({ actions: [], changes: [{ kind: "create", adopted: true }] });
  });

  it("are adopted when they bear a name of the city's", () => {
    const observed = snapshot(status("mayor"), status("coder-gc-7"), status("stranger"));
    expect(decide(worldOf({ city, observed })).changes).toMatchObject([
      { kind: "create", adopted: true, record: { alias: "coder-1", session: "coder-gc-7", slot: 1 } },
      { kind: "create", adopted: true, record: { alias: "mayor", session: "mayor" } },
    ]);
  });

  const elsewhere = status("coder-gc-7", "running", { alias: "coder-2" });

  it("keep what they are called, and count before others are made", () => {
    expect(
      decide(worldOf({ city: cityPlan([agentPlan("coder", { min: 1 })]), observed: snapshot(elsewhere) })),
    ).toMatchObject({
      changes: [{ kind: "create", record: { alias: "coder-2", slot: 2 } }],
      actions: [],
    });
  });

  it("take the place of a record whose session is gone, and the work that was given to the name", () => {
    const records = [recordOf("gc-2", { ...coder, alias: "coder-2", slot: 2 }, active())];
    const assigned = ["coder-2", "coder-gc-2"].map((assignee, index) => ({
      id: `gc-${index + 8}`,
      assignee,
      inProgress: true,
      blocked: false,
      priority: 2,
    }));
    const superseded = { city: cityPlan([agentPlan("coder")]), records, work: { ...noWork, assigned } };
    expect(decide(worldOf({ ...superseded, observed: snapshot(elsewhere) }))).toMatchObject({
      changes: [
        { kind: "release", work: "gc-9" },
        { kind: "close", id: "gc-2", reason: "duplicate" },
        { kind: "create", adopted: true, record: { alias: "coder-2", session: "coder-gc-7" } },
      ],
      actions: [],
    });
    // One that is there keeps its name.
    const both = snapshot(elsewhere, status("coder-gc-2"));
    expect(decide(worldOf({ ...superseded, observed: both })).changes).toMatchObject([
      { record: { alias: "coder-1" } },
    ]);
  });

  it("are ended when whoever was starting them has lost the city", () => {
    const observed = snapshot(status("coder-gc-7", "starting"), status("stranger", "starting"));
    expect(decide(worldOf({ city: cityPlan([agentPlan("coder")]), observed })).actions).toMatchObject([
      { kind: "stop", session: "coder-gc-7" },
    ]);
  });
});
