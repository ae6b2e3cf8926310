import type { CityAgent } from "../src/city/city.ts";
import type { SessionConfig } from "../src/city/session-config.ts";
import { sessionHashes } from "../src/controller/reconcile/session-hashes.ts";
import type { CityPlan, SessionFacts, WorkView, World } from "../src/controller/reconcile/world.ts";
import { newRecord, type NewRecord, type RecordPatch } from "../src/controller/reconcile/record-changes.ts";
import { type SessionRecord, sessionRecord } from "../src/controller/reconcile/session-record.ts";
import type { SessionSnapshot, SessionState, SessionStatus } from "../src/sessions/session-provider.ts";

/** A moment to count from, in milliseconds since the epoch; whole seconds, as times in beads are. */
export const noon = Date.parse("2026-01-01T12:00:00Z");

const configs = new Map<string, SessionConfig>();

/** A configuration that starts `command`; the same object for the same one. */
export function configOf(command: string, sessionLive: readonly string[] = []): SessionConfig {
  const key = JSON.stringify([command, sessionLive]);
  const empty = { workDir: "", env: {}, processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
  const config = configs.get(key) ?? { ...empty, command, sessionLive };
  configs.set(key, config);
  return config;
}

/** An agent without sessions of its own but for what `change` says. */
export function agentPlan(name: string, change: Partial<CityAgent> = {}): CityAgent {
  return {
    name,
    rig: "",
    suspended: "",
    min: 0,
    max: Infinity,
    dependsOn: [],
    idleTimeout: undefined,
    sleepAfterIdle: undefined,
    namedSessions: [],
    problem: undefined,
    pool: true,
    scaleCheck: undefined,
    slot: (slot) => ({ session: "", alias: `${name}-${slot}`, template: name, origin: "ephemeral" }),
    configOf: () => configOf("run"),
    ...change,
  };
}

/** An agent with one session of the same name, always there or on demand. */
export function namedAgent(name: string, always = true, change: Partial<CityAgent> = {}): CityAgent {
  return agentPlan(name, { namedSessions: [{ identity: name, session: name, always }], ...change });
}

export function cityPlan(
  agents: readonly CityAgent[],
  { maxWakes = 100, ...change }: Partial<CityPlan> & { readonly maxWakes?: number } = {},
): CityPlan {
  const controller = { patrolInterval: 30_000, maxWakes, driftDrainTimeout: 120_000 };
  const plan = { suspended: false, started: true, agents, maxSessions: Infinity, maxOfRig: new Map(), controller };
  return { ...plan, ...change };
}

/** A record as its bead would give it; a session of a pool unless `draft` says otherwise. */
export function recordOf(
  id: string,
  draft: Partial<NewRecord> & { template: string },
  patch: RecordPatch = {},
): SessionRecord {
  const session = draft.session ?? `${draft.template}-${id}`;
  const whole: NewRecord = { alias: `${draft.template}-1`, origin: "ephemeral", slot: 1, ...draft, session };
  const metadata = { ...newRecord(whole, `token-${id}`, noon), ...patch };
  return sessionRecord({ id, metadata, createdAt: noon });
}

/** What a bead says of a session that was started at `wokeAt` and runs. */
export function active(wokeAt = noon - 3_600_000): RecordPatch {
  return {
    state: "active",
    pending_create_claim: "",
    last_woke_at: new Date(wokeAt).toISOString(),
    gascity_started: startedFrom("run"),
  };
}

/** That a session of the first generation was started from a configuration. */
export function startedFrom(command: string, sessionLive?: readonly string[]): string {
  const { core, live } = sessionHashes(configOf(command, sessionLive));
  return `1 ${core} ${live}`;
}

export function status(
  name: string,
  state: SessionState = "running",
  change: Partial<SessionStatus> = {},
): SessionStatus {
  return { name, id: name, state, reason: "", action: "", createdAt: noon - 3_600_000, looked: true, ...change };
}

export function snapshot(...sessions: readonly SessionStatus[]): SessionSnapshot {
  return { synced: true, problem: undefined, sessions: new Map(sessions.map((session) => [session.name, session])) };
}

export function facts(change: Partial<SessionFacts> = {}): SessionFacts {
  const usual = {
    alive: true,
    screen: "",
    drainAcknowledged: false,
    restartRequested: false,
    owner: "",
    attached: false,
  };
  return { ...usual, lastActivity: noon, ...change };
}

export const noWork: WorkView = { complete: true, assigned: [], scale: new Map() };

/** A world in which nothing exists but what `change` says. */
export function worldOf(change: Partial<World> & Pick<World, "city">): World {
  const empty = {
    records: [],
    closed: new Map<string, number>(),
    observed: snapshot(),
    facts: new Map(),
    work: noWork,
    ends: { told: new Map<string, number>(), signalled: new Map<string, number>() },
    drains: new Map(),
    busy: new Set<string>(),
  };
  return { ...empty, since: 0, now: noon, ...change };
}
