import { splitQualifiedName, sessionFragment } from "../../city/names/qualified-name.ts";
import type { SessionStatus } from "../../sessions/session-provider.ts";
import { namedRecord } from "./desired-sessions.ts";
import type { NewRecord } from "./record-changes.ts";
import type { Verdict } from "./verdict.ts";
import type { CityAgent } from "../../city/city.ts";
import type { Action, RecordChange, World } from "./world.ts";

/** How many slots of a pool are looked through for the one that a session is called after. */
const mostSlots = 1000;

/**
 * New records: for sessions of the city's agents that run without one are adopted (gascity-spec §3.4), and for those that
 * shall run and have none. Of two records for one named session the later one is closed (row 2). Pure.
 *
 * gc adopts, and then ends, whatever it finds. A session that bears no name of the city's stays a stranger here: shown,
 * and left to the person who made it.
 */
export function newcomers(
  world: World,
  missing: readonly NewRecord[],
  known: { readonly strangers: readonly SessionStatus[]; readonly superseded: ReadonlySet<string> },
): Verdict {
  const { strangers, superseded } = known;
  const adopted = adoptions(world, strangers, superseded);
  // Their agents' sessions are counted anew once these have records.
  const counted = new Set(adopted.map(({ template }) => template));
  const changes: RecordChange[] = [
    ...adopted.map((record) => ({ kind: "create", record, adopted: true }) as const),
    ...missing
      .filter(({ template }) => !counted.has(template))
      .map((record) => ({ kind: "create", record, adopted: false }) as const),
    ...doubles(world),
  ];
  return { changes, actions: leftovers(world, strangers) };
}

/**
 * The records of pools' sessions that are gone while others bear what they were called, by id: a controller elsewhere, with
 * a ledger of its own, has run the city meanwhile. To start them would double what is there.
 */
export function supersededRecords(
  { records, observed, busy }: World,
  strangers: readonly SessionStatus[],
): ReadonlySet<string> {
  const aliases = new Set(strangers.filter(runs).map(({ alias = "" }) => alias));
  const gone = records.filter(
    ({ origin, alias, session }) =>
      origin === "ephemeral" && aliases.has(alias) && !observed.sessions.has(session) && !busy.has(session),
  );
  return new Set(gone.map(({ id }) => id));
}

/** Sessions that nobody wants: their records were closed, or a controller elsewhere has lost the city while it started them. */
function leftovers(world: World, strangers: readonly SessionStatus[]): readonly Action[] {
  const { agents } = world.city;
  const closed = strangers.filter((status) => runs(status) && isLeftOver(status, world));
  const begun = strangers.filter(
    (status) => !runs(status) && (namedOf(status.name, agents) ?? poolOf(status.name, agents)),
  );
  return [
    ...closed.map(({ name }) => endOf(name, "its record was closed")),
    ...begun.map(({ name }) => endOf(name, "its start was left in the middle")),
  ];
}

function endOf(session: string, message: string): Action {
  return { kind: "stop", session, message, after: undefined };
}

/** One that was started later is another: a controller elsewhere, with a ledger of its own, may have needed the name. */
function isLeftOver({ name, createdAt }: SessionStatus, { closed }: World): boolean {
  return createdAt <= (closed.get(name) ?? -Infinity);
}

/** Sessions without a record that run or start, and that nothing is being done to, by name. */
export function strangersIn({ records, observed, busy }: World): readonly SessionStatus[] {
  const known = new Set(records.map(({ session }) => session));
  return [...observed.sessions.values()]
    .filter(({ name, state }) => (state === "running" || state === "starting") && !known.has(name) && !busy.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function runs({ state }: SessionStatus): boolean {
  return state === "running";
}

function adoptions(
  world: World,
  strangers: readonly SessionStatus[],
  superseded: ReadonlySet<string>,
): readonly NewRecord[] {
  const { city, records } = world;
  const unknown = strangers.filter((status) => runs(status) && !isLeftOver(status, world));
  if (unknown.length === 0) return [];
  const kept = Map.groupBy(
    records.filter(({ id }) => !superseded.has(id)),
    ({ template }) => template,
  );
  const slots = new Map(city.agents.map(({ name }) => [name, new Set((kept.get(name) ?? []).map(({ slot }) => slot))]));
  return unknown.flatMap((status) => adoption(status, city.agents, slots) ?? []);
}

function adoption(
  { name, alias }: SessionStatus,
  agents: readonly CityAgent[],
  slots: ReadonlyMap<string, Set<number>>,
): NewRecord | undefined {
  const named = namedOf(name, agents);
  if (named) {
    const mode = named.always ? "always" : "on_demand";
    return { template: named.template, alias: named.identity, origin: "named", slot: 0, session: name, mode };
  }
  const agent = poolOf(name, agents);
  if (!agent) return undefined;
  const used = slots.get(agent.name) ?? new Set();
  const slot = slotFor(agent, alias, used);
  used.add(slot);
  return { template: agent.name, alias: agent.slot(slot).alias, origin: "ephemeral", slot, session: name };
}

/** The slot that the session is called after if nobody has it, else the first one that is free. */
function slotFor(agent: CityAgent, alias: string | undefined, used: ReadonlySet<number>): number {
  if (alias !== undefined) {
    for (let slot = 1; slot <= mostSlots; slot += 1) {
      if (agent.slot(slot).alias === alias && !used.has(slot)) return slot;
    }
  }
  let free = 1;
  while (used.has(free)) free += 1;
  return free;
}

function namedOf(session: string, agents: readonly CityAgent[]) {
  for (const { name: template, namedSessions } of agents) {
    const named = namedSessions.find((one) => one.session === session);
    if (named) return { ...named, template };
  }
  return undefined;
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
