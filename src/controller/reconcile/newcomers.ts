import { splitQualifiedName, sessionFragment } from "../../city/names/qualified-name.ts";
import type { SessionStatus } from "../../sessions/session-provider.ts";
import { namedRecord } from "./desired-sessions.ts";
import type { NewRecord } from "./record-changes.ts";
import type { Verdict } from "./verdict.ts";
import type { CityAgent } from "../../city/city.ts";
import type { Action, RecordChange, World } from "./world.ts";

/**
 * New records: for sessions of the city's agents that run without one are adopted (gascity-spec §3.4), and for those that
 * shall run and have none. Of two records for one named session the later one is closed (row 2). Pure.
 *
 * gc adopts, and then ends, whatever it finds. A session that bears no name of the city's stays a stranger here: shown,
 * and left to the person who made it.
 */
export function newcomers(world: World, missing: readonly NewRecord[]): Verdict {
  const adopted = adoptions(world);
  const taken = new Set(adopted.map(({ alias }) => alias));
  const changes: RecordChange[] = [
    ...adopted.map((record) => ({ kind: "create", record, adopted: true }) as const),
    ...missing
      .filter(({ alias }) => !taken.has(alias))
      .map((record) => ({ kind: "create", record, adopted: false }) as const),
    ...doubles(world),
  ];
  return { changes, actions: leftovers(world) };
}

/** Sessions that run although their records were closed: whoever closed them wanted them gone. */
function leftovers(world: World): readonly Action[] {
  return strangersOf(world)
    .filter((status) => isLeftOver(status, world))
    .map(({ name: session }) => ({ kind: "stop", session, message: "its record was closed", after: undefined }));
}

/** One that was started later is another: a controller elsewhere, with a ledger of its own, may have needed the name. */
function isLeftOver({ name, createdAt }: SessionStatus, { closed }: World): boolean {
  return createdAt <= (closed.get(name) ?? -Infinity);
}

/** Running sessions without a record that nothing is being done to, by name. */
function strangersOf({ records, observed, busy }: World): readonly SessionStatus[] {
  const known = new Set(records.map(({ session }) => session));
  return [...observed.sessions.values()]
    .filter(({ name, state }) => state === "running" && !known.has(name) && !busy.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function adoptions(world: World): readonly NewRecord[] {
  const { city, records } = world;
  const strangers = strangersOf(world).filter((status) => !isLeftOver(status, world));
  if (strangers.length === 0) return [];
  const slots = Map.groupBy(records, ({ template }) => template);
  const nextSlot = new Map<string, number>();
  const slotFor = (template: string): number => {
    const used = new Set((slots.get(template) ?? []).map(({ slot }) => slot));
    let slot = nextSlot.get(template) ?? 1;
    while (used.has(slot)) slot += 1;
    nextSlot.set(template, slot + 1);
    return slot;
  };
  return strangers.flatMap((status) => adoption(status, city.agents, slotFor) ?? []);
}

function adoption(
  { name }: SessionStatus,
  agents: readonly CityAgent[],
  slotFor: (template: string) => number,
): NewRecord | undefined {
  for (const agent of agents) {
    const named = agent.namedSessions.find(({ session }) => session === name);
    if (!named) continue;
    const mode = named.always ? "always" : "on_demand";
    return { template: agent.name, alias: named.identity, origin: "named", slot: 0, session: name, mode };
  }
  const agent = poolOf(name, agents);
  if (!agent) return undefined;
  const slot = slotFor(agent.name);
  return { template: agent.name, alias: agent.slot(slot).alias, origin: "ephemeral", slot, session: name };
}

/** The agent of a pool's session, by the session's name. */
export function poolOf(session: string, agents: readonly CityAgent[]): CityAgent | undefined {
  // The longest name first: `coder-fast-gc-1` is no session of `coder`.
  return agents.filter(({ name }) => isOfPool(session, name)).toSorted((a, b) => b.name.length - a.name.length)[0];
}

/** Named after its agent and a bead (gascity-spec §2.1). */
function isOfPool(session: string, agent: string): boolean {
  const prefix = `${sessionFragment(splitQualifiedName(agent).name)}-`;
  return session.startsWith(prefix) && /^[a-z]+-\w+$/u.test(session.slice(prefix.length));
}

function doubles({ city, records, observed }: World): readonly RecordChange[] {
  const byTemplate = Map.groupBy(records, ({ template }) => template);
  return city.agents.flatMap((agent) =>
    agent.namedSessions.flatMap((named) => {
      const all = byTemplate.get(agent.name) ?? [];
      const first = namedRecord(named, all);
      return all
        .filter(({ origin, alias }) => origin === "named" && alias === named.identity)
        .filter((record) => record !== first)
        .filter(({ session }) => session === first?.session || !observed.sessions.has(session))
        .map(({ id }) => ({ kind: "close", id, reason: "duplicate" }) as const);
    }),
  );
}
