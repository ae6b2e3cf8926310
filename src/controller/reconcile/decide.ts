import type { SessionStatus } from "../../sessions/session-provider.ts";
import { desiredSessions } from "./desired-sessions.ts";
import { quarantineTime } from "./death.ts";
import { newcomers, strangersIn, supersededRecords } from "./newcomers.ts";
import { Occupancy } from "./occupancy.ts";
import { reconcileDead } from "./reconcile-dead.ts";
import { reconcileRunning } from "./reconcile-running.ts";
import { isAwake, knownStates, type SessionRecord } from "./session-record.ts";
import { closing, patchOf, settled, type Verdict } from "./verdict.ts";
import type { CityAgent } from "../../city/city.ts";
import type { AssignedWork, Decision, World } from "./world.ts";

/**
 * A session that comes up without anybody's doing for so long, in milliseconds, was left in the middle by a controller that
 * is gone: nobody will give it its files or its first prompt.
 */
const abandonedAfter = 10_000;
/**
 * For one that was made since this controller controls the city, in milliseconds: some commands of gc start what they need
 * themselves (gascity-spec §6.2, attach), which takes a quarter of a minute and longer on a busy machine.
 */
const commandTakes = 60_000;

const nothing: Omit<Decision, "wanted"> = {
  changes: [],
  actions: [],
  happenings: [],
  drains: new Map(),
  wakeAt: undefined,
};

/**
 * What to do now (gascity-spec §3.7). Pure: the same world gives the same decision. A record has at most one change or
 * action in it; what follows from that is decided once it is done. Changes are to be written before actions are begun.
 */
export function decide(world: World): Decision {
  // What is not seen clearly is not touched: a start could double a session, a stop could hit the wrong one.
  const { wanted, missing } = desiredSessions(world);
  if (!world.observed.synced || world.observed.problem) return { ...nothing, wanted, drains: world.drains };
  const agents = new Map(world.city.agents.map((agent) => [agent.name, agent]));
  const work = workByRecord(world);
  const running = runningAgents(world);
  const strangers = strangersIn(world);
  const superseded = supersededRecords(world, strangers);
  const decision = new Collector(world);
  for (const record of inStartOrder(world.records, agents)) {
    if (!knownStates.has(record.state) || world.busy.has(record.session)) {
      decision.keepDrain(record);
      continue;
    }
    if (superseded.has(record.id)) {
      decision.add(record, supersession(record, work.get(record.id) ?? []));
      continue;
    }
    const lifted = liftedHold(record, world.now);
    if (lifted) {
      decision.add(record, lifted);
      continue;
    }
    const agent = agents.get(record.template);
    const own = work.get(record.id) ?? [];
    const cause = wanted.get(record.id);
    const hold = holdOf(record);
    const drain = world.drains.get(record.id);
    const status = record.session === "" ? undefined : world.observed.sessions.get(record.session);
    if (status?.state === "running") {
      const facts = world.facts.get(record.session);
      const session = { record, facts, agent, cause, hold, drain, hasWork: own.length > 0 };
      decision.add(record, reconcileRunning(session, world));
    } else if (status && (status.state === "starting" || status.state === "stopping")) {
      decision.add(record, comingUp(record, status, world));
    } else {
      const ready = (agent?.dependsOn ?? []).every((name) => running.has(name));
      const session = { record, remains: status, agent, cause, hold, drain, work: own, ready };
      decision.add(
        record,
        reconcileDead(session, world, () => decision.mayWake(record, agent)),
      );
    }
    const until = Math.min(record.heldUntil ?? Infinity, record.quarantinedUntil ?? Infinity);
    if (until !== Infinity) decision.lookAgain(until);
  }
  decision.add(undefined, newcomers(world, missing, { strangers, superseded }));
  return { ...decision.made(), wanted };
}

/** Adds up the verdicts, and sees to it that starts keep to the limits. */
class Collector {
  readonly #occupancy: Occupancy;
  readonly #drains = new Map<string, NonNullable<Verdict["drain"]>>();
  readonly #changes: Decision["changes"][number][] = [];
  readonly #actions: Decision["actions"][number][] = [];
  readonly #happenings: Decision["happenings"][number][] = [];
  readonly #world: World;
  #wakeAt = Infinity;
  #wakes: number;

  constructor(world: World) {
    this.#world = world;
    this.#occupancy = new Occupancy(world);
    const { now } = world;
    // Not those of a time to come: a clock that was set back shall not keep a city from starting.
    const justNow = ({ lastWokeAt = -Infinity }: SessionRecord): boolean =>
      lastWokeAt > now - 1000 && lastWokeAt <= now;
    this.#wakes = world.records.filter(justNow).length;
  }

  /**
   * Takes the place for one more start, if there is one: `max_wakes_per_tick` a second, however long each of them takes, and
   * below every limit also while sessions that have to go are still there.
   */
  mayWake({ session }: SessionRecord, agent: CityAgent | undefined): boolean {
    if (this.#wakes >= this.#world.city.controller.maxWakes) {
      this.lookAgain(this.#world.now + 1000);
      return false;
    }
    if (!agent || !this.#occupancy.take(session, agent)) return false;
    this.#wakes += 1;
    return true;
  }

  add(record: SessionRecord | undefined, verdict: Verdict): void {
    const { changes = [], actions = [], happenings = [], drain, wakeAt } = verdict;
    this.#changes.push(...changes);
    this.#actions.push(...actions);
    this.#happenings.push(...happenings);
    if (record && drain) this.#drains.set(record.id, drain);
    if (wakeAt !== undefined) this.lookAgain(wakeAt);
  }

  keepDrain({ id }: SessionRecord): void {
    const drain = this.#world.drains.get(id);
    if (drain) this.#drains.set(id, drain);
  }

  lookAgain(at: number): void {
    this.#wakeAt = Math.min(this.#wakeAt, at);
  }

  made(): Omit<Decision, "wanted"> {
    return {
      changes: this.#changes,
      actions: this.#actions,
      happenings: this.#happenings,
      drains: this.#drains,
      wakeAt: this.#wakeAt === Infinity ? undefined : this.#wakeAt,
    };
  }
}

/** What was to be done by its name stays to whoever bears that now. */
function supersession(record: SessionRecord, own: readonly AssignedWork[]): Verdict {
  const left = own.filter(({ assignee }) => assignee !== record.alias);
  return { changes: closing(record, left, "duplicate") };
}

/** A hold or a quarantine whose time is over (row 1). */
function liftedHold(record: SessionRecord, now: number): Verdict | undefined {
  const { heldUntil, quarantinedUntil } = record;
  if (heldUntil !== undefined && heldUntil <= now) {
    return { changes: [patchOf(record, { held_until: "", sleep_intent: "" })] };
  }
  if (quarantinedUntil === undefined) return undefined;
  // One that ends later than any that begins now was imposed by a clock that was set back since.
  if (quarantinedUntil > now && quarantinedUntil <= now + quarantineTime) return undefined;
  return { changes: [patchOf(record, { quarantined_until: "", wake_attempts: "0", churn_count: "0" })] };
}

/** What keeps a session from running; undefined when nothing does. */
function holdOf({ heldUntil, quarantinedUntil, waits, state }: SessionRecord): string | undefined {
  if (heldUntil !== undefined || state === "suspended") return "user-hold";
  if (quarantinedUntil !== undefined) return "quarantine";
  return waits ? "wait-hold" : undefined;
}

/** One whose start or end is not ours. */
function comingUp({ id }: SessionRecord, status: SessionStatus, { now, since, drains }: World): Verdict {
  const drain = drains.get(id);
  const kept = drain ? { drain } : settled;
  if (status.state === "stopping" || !status.looked) return kept;
  // The cluster's clock may be far ahead of ours: then it does not tell when this one was made.
  const isNew = status.createdAt > since && status.createdAt <= now + abandonedAfter;
  const abandoned = isNew ? status.createdAt + commandTakes : since + abandonedAfter;
  if (abandoned > now) return { ...kept, wakeAt: abandoned };
  const message = "its start was left in the middle";
  return { actions: [{ kind: "stop", session: status.name, message, after: undefined }] };
}

function workByRecord({ records, work }: World): ReadonlyMap<string, readonly AssignedWork[]> {
  if (work.assigned.length === 0) return new Map();
  const byAssignee = Map.groupBy(work.assigned, ({ assignee }) => assignee);
  const of = ({ id, session, alias }: SessionRecord): readonly AssignedWork[] =>
    [...new Set([id, session, alias])].flatMap((name) => byAssignee.get(name) ?? []);
  return new Map(records.map((record) => [record.id, of(record)]));
}

/** Agents that have a session at work. */
function runningAgents({ records, observed, facts, busy }: World): ReadonlySet<string> {
  const up = records.filter(
    (record) =>
      (isAwake(record) || !knownStates.has(record.state)) &&
      !busy.has(record.session) &&
      observed.sessions.get(record.session)?.state === "running" &&
      facts.get(record.session)?.alive !== false,
  );
  return new Set(up.map(({ template }) => template));
}

/** In the city's order of agents, and of one agent by slot: what is started first, and always the same. */
function inStartOrder(
  records: readonly SessionRecord[],
  agents: ReadonlyMap<string, CityAgent>,
): readonly SessionRecord[] {
  const places = new Map([...agents.keys()].map((name, index) => [name, index]));
  const place = ({ template }: SessionRecord): number => places.get(template) ?? places.size;
  return records.toSorted(
    (a, b) => place(a) - place(b) || a.slot - b.slot || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1),
  );
}
