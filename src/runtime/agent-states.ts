import type { City, CitySession } from "../city/city.ts";
import { poolOf } from "../controller/reconcile/newcomers.ts";
import { retryAt } from "../controller/reconcile/death.ts";
import { Occupancy } from "../controller/reconcile/occupancy.ts";
import { isAwake, type SessionRecord } from "../controller/reconcile/session-record.ts";
import { unknownState } from "../controller/reconcile/unknown-state.ts";
import type { WakeCause } from "../controller/reconcile/wake-cause.ts";
import type { Drain, DrainReason } from "../controller/reconcile/drain.ts";
import { checkAction } from "../controller/scale-checks.ts";
import type { SessionSnapshot, SessionStatus } from "../sessions/session-provider.ts";
import type { AgentState } from "./city-state.ts";

/** What the rows of the agents' tree are made of. */
export interface AgentSources {
  readonly city: City;
  readonly records: readonly SessionRecord[];
  readonly observed: SessionSnapshot;
  /** By record id, why a session shall run, and what it was asked to finish for. */
  readonly wanted: ReadonlyMap<string, WakeCause>;
  readonly drains: ReadonlyMap<string, Drain>;
  readonly workOn: (record: SessionRecord) => "starting" | "stopping" | "updating" | undefined;
  /** By agent, why its scale_check does not count. */
  readonly checkProblems: ReadonlyMap<string, string>;
}

/** The same, and which places are taken. */
interface RowSources extends AgentSources {
  readonly occupancy: Occupancy;
}

type MakeRow = (phase: AgentState["phase"], reason?: string, action?: string, until?: number) => AgentState;

/**
 * The rows: of each agent in the city's order the sessions that its table names and those that have come to be, then sessions
 * of agents that the city does not have any more, then those that nobody knows, by name. A pool's session whose record is
 * in another controller's ledger has the row of one that might be.
 */
export function agentStates(all: AgentSources, before: readonly AgentState[]): readonly AgentState[] {
  const { city, records, observed, workOn } = all;
  const busy = new Set(records.filter((record) => workOn(record)).map(({ session }) => session));
  const sources: RowSources = { ...all, occupancy: new Occupancy({ city, records, observed, busy }) };
  const byTemplate = Map.groupBy(records, ({ template }) => template);
  const rows: AgentState[] = [];
  const shown = new Set<SessionRecord>();
  const unrecorded = Map.groupBy(sessionsWithoutRecord(sources), ({ name }) => poolOf(name, city.agents)?.name ?? "");
  for (const [template, sessions] of Map.groupBy(city.sessions, templateOf)) {
    const own = byTemplate.get(template) ?? [];
    const others = (unrecorded.get(template) ?? []).map((status) => unrecordedRow(status, template));
    for (const session of sessions) {
      const record = own.find((other) => !shown.has(other) && belongs(other, session));
      if (record) shown.add(record);
      rows.push(record ? recordRow(sources, record) : (others.shift() ?? possibleRow(sources, session)));
    }
    rows.push(...others);
    for (const record of own.filter((other) => !shown.has(other)).toSorted((a, b) => a.slot - b.slot)) {
      shown.add(record);
      rows.push(recordRow(sources, record));
    }
  }
  rows.push(...records.filter((record) => !shown.has(record)).map((record) => recordRow(sources, record)));
  const known = new Set(rows.map(({ session }) => session));
  const strangers = sessionsWithoutRecord(sources).filter(({ name }) => !known.has(name));
  rows.push(...strangers.map((status) => strangerRow(status)));
  return shareUnchanged(before, withCheckProblems(rows, sources));
}

/** A scale_check that does not count is told once, by the first row of its agent that has nothing else to tell. */
function withCheckProblems(rows: readonly AgentState[], { checkProblems }: AgentSources): readonly AgentState[] {
  const untold = new Map(checkProblems);
  return rows.map((row) => {
    const problem = untold.get(row.template);
    if (problem === undefined || row.reason !== "") return row;
    untold.delete(row.template);
    return { ...row, reason: `its scale_check does not count: ${problem}`, action: checkAction };
  });
}

function sessionsWithoutRecord({ observed, records }: AgentSources): readonly SessionStatus[] {
  const recorded = new Set(records.map(({ session }) => session));
  return [...observed.sessions.values()]
    .filter(({ name }) => !recorded.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function templateOf({ config, agent }: CitySession): string {
  return config.env["GC_TEMPLATE"] ?? agent;
}

function belongs({ alias, session }: SessionRecord, possible: CitySession): boolean {
  return alias === possible.agent || session === possible.name;
}

/** A session that nobody has wanted yet. */
function possibleRow(sources: AgentSources, possible: CitySession): AgentState {
  const { name: session, agent, reason, problem } = possible;
  const status = sources.observed.sessions.get(session);
  const row = rowOf({ session, agent, template: templateOf(possible), cause: "" }, status);
  const seen = alive(row, status);
  if (seen) return seen;
  return row("stopped", sources.city.suspended ? "the city is suspended in city.toml" : reason, problem?.action);
}

function recordRow(sources: RowSources, record: SessionRecord): AgentState {
  const { city, observed, workOn } = sources;
  const { session, alias, template } = record;
  const status = observed.sessions.get(session);
  const cause = sources.wanted.get(record.id);
  const row = rowOf({ session, agent: alias, template, cause: cause ? causes[cause] : "" }, status);
  const unknown = unknownState(record);
  if (unknown) return row(alive(row, status)?.phase ?? "stopped", unknown.reason, unknown.action);
  const work = workOn(record);
  // What is being done tells more than what is seen, but for a start that cannot go on.
  if (work && work !== "updating" && status?.state !== "failed") {
    return row(work, status?.state === work ? status.reason : "", status?.state === work ? status.action : "");
  }
  const drain = sources.drains.get(record.id);
  if (drain && status?.state === "running") {
    return row(
      "draining",
      drainReasons[drain.reason],
      "It ends when it has finished its work; Stop Agent ends it now",
      drain.deadline,
    );
  }
  const seen = alive(row, status);
  if (seen) return seen;
  return (
    heldBack(record, row) ??
    withoutPlace(sources, record, row) ??
    waiting(sources, record, row, status) ??
    asleep(city, record, row)
  );
}

const causes: Readonly<Record<WakeCause, string>> = {
  always: "it is always on",
  work: "there is work for it",
  "asked-for": "somebody has asked for it",
  dependency: "another agent depends on it",
  minimum: "min_active_sessions asks for it",
  scale: "its scale_check asks for it",
  "on-demand": "it is in use",
  pinned: "it is pinned",
  attached: "somebody is attached to it",
};

const drainReasons: Readonly<Record<DrainReason, string>> = {
  orphaned: "its agent is not in city.toml any more",
  suspended: "it is suspended in city.toml",
  "config-drift": "its configuration has changed",
  "no-wake-reason": "nothing needs it any more",
  idle: "it was idle",
};

/** The row of a session that is there; undefined when it has ended. */
function alive(row: MakeRow, status: SessionStatus | undefined): AgentState | undefined {
  return status && status.state !== "exited" ? row(status.state, status.reason, status.action) : undefined;
}

function heldBack(record: SessionRecord, row: MakeRow): AgentState | undefined {
  if (record.heldUntil !== undefined || record.state === "suspended") return row("stopped", "stopped by hand");
  if (record.quarantinedUntil === undefined) return undefined;
  const { failure } = record;
  const often =
    record.sleepReason === "context-churn"
      ? "it died three times, soon after each start"
      : "it died or failed five times in a row";
  const why = failure && withoutName(failure.reason, record);
  return row(
    "quarantined",
    [often, why].filter(Boolean).join(": "),
    failure?.action
      ? `${failure.action}; then choose Wake Now`
      : "Mend what ends it, then choose Wake Now; otherwise it is tried again by itself",
    record.quarantinedUntil,
  );
}

/** The row of one that starts as soon as another one has gone. */
function withoutPlace(
  { city, wanted, occupancy }: RowSources,
  record: SessionRecord,
  row: MakeRow,
): AgentState | undefined {
  if (isAwake(record) || !(wanted.has(record.id) || record.pendingCreate)) return undefined;
  const agent = city.agents.find(({ name }) => name === record.template);
  const obstacle = agent && occupancy.obstacle(record.session, agent);
  return obstacle === undefined ? undefined : row("waiting", obstacle, "Stop another agent, or raise the limit");
}

function waiting(
  { wanted, observed }: AgentSources,
  record: SessionRecord,
  row: MakeRow,
  status: SessionStatus | undefined,
): AgentState | undefined {
  if (!wanted.has(record.id)) return undefined;
  if (!observed.synced) return row("waiting", "the sessions are not known yet");
  const retry = retryAt(record, Date.now());
  const until = retry > 0 ? retry : undefined;
  const { failure } = record;
  if (isAwake(record)) return row("waiting", status?.reason);
  if (record.sleepReason !== "crash") {
    return row("waiting", failure && withoutName(failure.reason, record), failure?.action, until);
  }
  const ended = status?.reason || failure?.reason || "it ended";
  const times = record.wakeAttempts > 1 ? `${ended}, ${record.wakeAttempts} times in a row` : ended;
  return row("waiting", times, status?.action, until);
}

/** The row says whom it is about. */
function withoutName(reason: string, { alias }: SessionRecord): string {
  return reason.startsWith(`${alias} `) ? `it${reason.slice(alias.length)}` : reason;
}

function asleep(city: City, record: SessionRecord, row: MakeRow): AgentState {
  if (city.suspended) return row("stopped", "the city is suspended in city.toml");
  const agent = city.agents.find(({ name }) => name === record.template);
  if (!agent) return row("stopped", "its agent is not in city.toml any more");
  const faulty = agent.suspended || agent.problem?.reason;
  return row("stopped", faulty || (sleepReasons.get(record.sleepReason) ?? ""), agent.problem?.action);
}

/** What a person should know of a session that sleeps. */
const sleepReasons: ReadonlyMap<string, string> = new Map([
  ["crash", "it died"],
  ["failed-start", "it did not start"],
  ["killed", "somebody has ended it"],
  ["cancelled", "its start was cancelled"],
  ["idle", "it was idle"],
]);

function unrecordedRow(status: SessionStatus, template: string): AgentState {
  const { name, state, reason, action } = status;
  return rowOf({ session: name, agent: name, template, cause: "" }, status)(state, reason, action);
}

function strangerRow(status: SessionStatus): AgentState {
  const { name, state, reason, action } = status;
  const row = rowOf({ session: name, agent: name, template: name, cause: "" }, status);
  return row(state, reason || "not in city.toml", action || "Add it to city.toml, or stop it");
}

function rowOf(
  names: Pick<AgentState, "session" | "agent" | "template" | "cause">,
  status: SessionStatus | undefined,
): MakeRow {
  return (phase, reason = "", action = "", until) => ({
    ...names,
    phase,
    reason,
    action,
    until,
    // What is left of one that has ended is not the session that the row is about.
    since: status?.state === "exited" && phase !== "exited" ? undefined : status?.createdAt,
  });
}

/** Rows that say the same keep their identity, and so does the list if all of them do. */
function shareUnchanged(before: readonly AgentState[], after: readonly AgentState[]): readonly AgentState[] {
  const old = new Map(before.map((row) => [row.session, row]));
  const shared = after.map((row) => {
    const twin = old.get(row.session);
    return twin && sameRow(twin, row) ? twin : row;
  });
  const same = shared.length === before.length && shared.every((row, index) => row === before[index]);
  return same ? before : shared;
}

function sameRow(a: AgentState, b: AgentState): boolean {
  return (
    a.agent === b.agent &&
    a.template === b.template &&
    a.phase === b.phase &&
    a.reason === b.reason &&
    a.action === b.action &&
    a.cause === b.cause &&
    a.until === b.until &&
    a.since === b.since
  );
}
