import type { City } from "../city/city.ts";
import { desiredSessions } from "../controller/reconcile/desired-sessions.ts";
import { drainsOf } from "../controller/reconcile/drain-changes.ts";
import type { SessionRecord } from "../controller/reconcile/session-record.ts";
import type { Ledger } from "../controller/ledger.ts";
import type { SessionSnapshot } from "../sessions/session-provider.ts";
import type { AgentSources } from "./agent-states.ts";
import type { CityWish } from "./city-wish.ts";

type WatchedSources = Pick<AgentSources, "records" | "wanted" | "drains" | "workOn">;

/**
 * What a city's rows are made of while another process of this machine controls it: from the records that it writes, by
 * the rules that it goes by. What only it knows is missing: how many sessions a scale_check asks for counts as many as there are.
 */
export function watchedSources(
  city: City,
  ledger: Pick<Ledger, "records" | "work" | "routedTo">,
  observed: SessionSnapshot,
  wish: CityWish,
): WatchedSources {
  const { records } = ledger;
  const counted = city.agents.filter(({ scaleCheck }) => !scaleCheck);
  const scale = new Map(counted.map(({ name }) => [name, ledger.routedTo(name)]));
  const { wanted } = desiredSessions({
    // gc, which keeps no wish, keeps a city running.
    city: { ...city, started: wish !== "by-hand" },
    records,
    work: { complete: true, assigned: ledger.work, scale },
    facts: new Map(),
    now: Date.now(),
  });
  return { records, wanted, drains: drainsOf(records), workOn: (record) => workSeen(record, observed) };
}

/** What the other process is about to do to a session: it writes down what it begins. */
function workSeen(record: SessionRecord, observed: SessionSnapshot): ReturnType<AgentSources["workOn"]> {
  if (observed.sessions.get(record.session)?.state !== "running") return undefined;
  if (record.ending || record.state === "suspended") return "stopping";
  const isWoken = record.state === "asleep" && record.lastWokeAt !== undefined;
  return record.pendingCreate || isWoken ? "starting" : undefined;
}

/**
 * Records that a controller elsewhere does not write: whose sessions they name is still so, but what they say of the sessions
 * was so once.
 */
export function knownByName(records: readonly SessionRecord[]): readonly SessionRecord[] {
  return records.map((record) => ({
    ...record,
    state: "",
    sleepReason: "",
    heldUntil: undefined,
    quarantinedUntil: undefined,
    failure: undefined,
  }));
}
