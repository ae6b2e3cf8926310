import { limitsOf } from "./occupancy.ts";
import type { NewRecord } from "./record-changes.ts";
import { type SessionRecord, isAwake } from "./session-record.ts";
import type { CityAgent, NamedSession } from "../../city/city.ts";
import type { WakeCause } from "./wake-cause.ts";
import type { AssignedWork, CityPlan, World } from "./world.ts";

/** What it depends on. */
type WorldOfDesires = Pick<World, "city" | "records" | "work" | "facts" | "now">;

export interface DesiredSessions {
  /** By record id. */
  readonly wanted: ReadonlyMap<string, WakeCause>;
  /** Sessions that have no record yet. */
  readonly missing: readonly NewRecord[];
}

/** A running session on demand that did nothing for so long is not needed any more (gascity-spec §3.7). */
const onDemandIdle = 5 * 60_000;

/** A session that ended for one of these reasons is wanted back; any other sleep is meant. */
const comesBack: ReadonlySet<string> = new Set([
  "crash",
  "failed-start",
  "restart",
  "config-drift",
  "idle-timeout",
  "quarantine",
  "context-churn",
]);

/** One that shall run, if the caps allow. */
interface Candidate {
  readonly agent: CityAgent;
  readonly cause: WakeCause;
  /** Of two the lower one goes first. */
  readonly rank: number;
  readonly record: SessionRecord | undefined;
  readonly create: NewRecord | undefined;
}

const ranks: Readonly<Record<WakeCause, number>> = {
  always: 0,
  dependency: 0,
  pinned: 1,
  "asked-for": 1,
  work: 2,
  minimum: 3,
  attached: 4,
  "on-demand": 4,
  scale: 5,
};

/**
 * Which sessions shall run (gascity-spec §3.6). In a city that was not started these are the ones that somebody asked for, and
 * those that run anyway. Pure. What holds one back (a hold, a quarantine) does not count here.
 */
export function desiredSessions(world: WorldOfDesires): DesiredSessions {
  const { city } = world;
  if (city.suspended) return { wanted: new Map(), missing: [] };
  if (!city.started) return { wanted: askedForIn(world), missing: [] };
  const active = city.agents.filter(({ suspended }) => suspended === "");
  // One in a state that nobody here knows keeps its place: it may run, and another would be its double.
  const records = Map.groupBy(world.records, ({ template }) => template);
  const demands = demandsOf(world);
  const candidates = active.flatMap((agent) => [
    ...agent.namedSessions.flatMap((named) => namedCandidate(agent, named, records.get(agent.name) ?? [], demands)),
    ...poolCandidates(agent, records.get(agent.name) ?? [], demands, world.work.scale.get(agent.name)),
    ...manualCandidates(agent, records.get(agent.name) ?? [], demands),
  ]);
  return withinCaps(withDependencies(candidates, active, records), city);
}

function askedForIn({ records }: WorldOfDesires): ReadonlyMap<string, WakeCause> {
  return new Map(records.filter((record) => stays(record)).map(({ id }) => [id, "asked-for"]));
}

/** What is asked of each record, looked up once. */
interface Demands {
  readonly workOf: (record: Pick<SessionRecord, "id" | "session" | "alias">) => AssignedWork | undefined;
  readonly attached: (session: string) => boolean;
  readonly recentlyActive: (session: string) => boolean;
  readonly workFor: (assignee: string) => boolean;
}

function demandsOf({ work, facts, now }: WorldOfDesires): Demands {
  const byAssignee = new Map<string, AssignedWork>();
  for (const item of work.assigned) {
    if (item.blocked) continue;
    const known = byAssignee.get(item.assignee);
    if (!known || item.priority < known.priority) byAssignee.set(item.assignee, item);
  }
  const idleAt = (session: string): number => (facts.get(session)?.lastActivity ?? 0) + onDemandIdle;
  return {
    workOf: ({ id, session, alias }) =>
      [id, session, alias].flatMap((name) => byAssignee.get(name) ?? []).toSorted((a, b) => a.priority - b.priority)[0],
    workFor: (assignee) => byAssignee.has(assignee),
    attached: (session) => facts.get(session)?.attached ?? false,
    recentlyActive: (session) => idleAt(session) > now,
  };
}

/** What keeps or wakes a session whatever its agent asks for. */
function ownCause(record: SessionRecord, demands: Demands): { cause: WakeCause; rank?: number } | undefined {
  if (record.pinned) return { cause: "pinned" };
  const work = demands.workOf(record);
  if (work) return { cause: "work", rank: ranks.work + Math.min(work.priority, 9) / 10 };
  return undefined;
}

function candidate(
  agent: CityAgent,
  record: SessionRecord,
  { cause, rank = ranks[cause] }: { cause: WakeCause; rank?: number },
): Candidate {
  return { agent, cause, rank, record, create: undefined };
}

function namedCandidate(
  agent: CityAgent,
  named: NamedSession,
  records: readonly SessionRecord[],
  demands: Demands,
): readonly Candidate[] {
  const record = namedRecord(named, records);
  if (!record) {
    if (!named.always && !demands.workFor(named.identity)) return [];
    const cause: WakeCause = named.always ? "always" : "work";
    const create: NewRecord = {
      template: agent.name,
      alias: named.identity,
      origin: "named",
      slot: 0,
      session: named.session,
      mode: named.always ? "always" : "on_demand",
    };
    return [{ agent, cause, rank: ranks[cause], record: undefined, create }];
  }
  if (named.always) return [candidate(agent, record, { cause: "always" })];
  const own = ownCause(record, demands) ?? askedFor(record, demands);
  return own ? [candidate(agent, record, own)] : [];
}

/** The record that counts for a named session: of several the first one that was made. */
export function namedRecord(named: NamedSession, records: readonly SessionRecord[]): SessionRecord | undefined {
  return records
    .filter(
      ({ origin, alias, session }) => origin === "named" && (alias === named.identity || session === named.session),
    )
    .toSorted(byAge)[0];
}

function manualCandidates(agent: CityAgent, records: readonly SessionRecord[], demands: Demands): readonly Candidate[] {
  return records
    .filter(({ origin }) => origin === "manual")
    .flatMap((record) => {
      const own = ownCause(record, demands) ?? (stays(record) ? ({ cause: "asked-for" } as const) : undefined);
      return own ? [candidate(agent, record, own)] : [];
    });
}

/** A session that somebody started by hand: wanted until it is meant to sleep. */
function stays(record: SessionRecord): boolean {
  return record.pendingCreate || isAwake(record) || (record.state === "asleep" && comesBack.has(record.sleepReason));
}

/** One on demand: wanted while anybody looks at it or it does something. */
function askedFor(record: SessionRecord, demands: Demands): { cause: WakeCause } | undefined {
  if (record.pendingCreate) return { cause: "asked-for" };
  if (!stays(record)) return undefined;
  if (demands.attached(record.session)) return { cause: "attached" };
  return demands.recentlyActive(record.session) || !isAwake(record) ? { cause: "on-demand" } : undefined;
}

/**
 * A pool's sessions: those with work, then as many as it shall have: those that run before others. One that is held back
 * keeps its place, or a new one would only fail in its stead.
 */
function poolCandidates(
  agent: CityAgent,
  records: readonly SessionRecord[],
  demands: Demands,
  scale: number | undefined,
): readonly Candidate[] {
  const members = records.filter(({ origin, dependencyOnly }) => origin === "ephemeral" && !dependencyOnly);
  const own = members.map((record) => ({ record, own: ownCause(record, demands) }));
  // While its check does not count, it keeps what it has.
  const asked = scale ?? (agent.scaleCheck ? members.filter(stays).length : 0);
  const count = Math.min(agent.max, Math.max(agent.min, asked));
  // One that has finished without further work makes place for a fresh one.
  const usable = own.filter((member) => member.own !== undefined || member.record.state !== "drained");
  const order = usable.toSorted(
    (a, b) =>
      (a.own?.rank ?? 9) - (b.own?.rank ?? 9) ||
      Number(isAwake(b.record)) - Number(isAwake(a.record)) ||
      Number(b.record.pendingCreate) - Number(a.record.pendingCreate) ||
      a.record.slot - b.record.slot ||
      byAge(a.record, b.record),
  );
  const countCause = (index: number): WakeCause => (index < agent.min ? "minimum" : "scale");
  const chosen = order.flatMap((member, index): readonly Candidate[] => {
    if (member.own) return [candidate(agent, member.record, member.own)];
    if (index < count) return [candidate(agent, member.record, { cause: countCause(index) })];
    return demands.attached(member.record.session) ? [candidate(agent, member.record, { cause: "attached" })] : [];
  });
  const slots = freeSlots(members, Math.max(0, count - order.length));
  return [
    ...chosen,
    ...slots.map((slot, index): Candidate => {
      const cause = countCause(order.length + index);
      return { agent, cause, rank: ranks[cause], record: undefined, create: poolRecord(agent, slot) };
    }),
  ];
}

function poolRecord(agent: CityAgent, slot: number): NewRecord {
  return { template: agent.name, alias: agent.slot(slot).alias, origin: "ephemeral", slot, session: "" };
}

function freeSlots(members: readonly SessionRecord[], count: number): readonly number[] {
  const taken = new Set(members.map(({ slot }) => slot));
  const free: number[] = [];
  for (let slot = 1; free.length < count; slot++) if (!taken.has(slot)) free.push(slot);
  return free;
}

/** What a wanted agent depends on is wanted too, at least once. */
function withDependencies(
  candidates: readonly Candidate[],
  agents: readonly CityAgent[],
  records: ReadonlyMap<string, readonly SessionRecord[]>,
): readonly Candidate[] {
  const byName = new Map(agents.map((agent) => [agent.name, agent]));
  const all = [...candidates];
  const present = new Set(candidates.map(({ agent }) => agent.name));
  // Grows while it is walked: a floor may stand on another one.
  for (const { agent } of all) {
    for (const name of agent.dependsOn) {
      const needed = byName.get(name);
      if (!needed || present.has(name)) continue;
      present.add(name);
      all.push(floorOf(needed, records.get(name) ?? []));
    }
  }
  return all;
}

function floorOf(agent: CityAgent, records: readonly SessionRecord[]): Candidate {
  const cause = "dependency";
  const [named] = agent.namedSessions;
  const record = named ? namedRecord(named, records) : records.toSorted(byAge)[0];
  if (record) return candidate(agent, record, { cause });
  const create: NewRecord = named
    ? { template: agent.name, alias: named.identity, origin: "named", slot: 0, session: named.session }
    : { ...poolRecord(agent, freeSlots(records, 1)[0] ?? 1), dependencyOnly: true };
  return { agent, cause, rank: ranks[cause], record: undefined, create };
}

/** Agent's, then rig's, then city's limit: the most urgent first, of equals those that run (gascity-spec §3.6). */
function withinCaps(candidates: readonly Candidate[], city: CityPlan): DesiredSessions {
  const counts = new Map<string, number>();
  const fits = (agent: CityAgent): boolean => {
    const limits = limitsOf(agent, city);
    if (limits.some(([key, limit]) => (counts.get(key) ?? 0) >= limit)) return false;
    for (const [key] of limits) counts.set(key, (counts.get(key) ?? 0) + 1);
    return true;
  };
  const wanted = new Map<string, WakeCause>();
  const missing: NewRecord[] = [];
  const runs = ({ record }: Candidate): number => (record ? (isAwake(record) ? 0 : 1) : 2);
  for (const { agent, cause, record, create } of candidates.toSorted((a, b) => a.rank - b.rank || runs(a) - runs(b))) {
    if ((record && wanted.has(record.id)) || !fits(agent)) continue;
    if (record) wanted.set(record.id, cause);
    else if (create && !agent.problem) missing.push(create);
  }
  return { wanted, missing };
}

function byAge(a: SessionRecord, b: SessionRecord): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
