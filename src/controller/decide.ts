import type { City } from "../city/city.ts";
import type { SessionConfig } from "../city/session-config.ts";
import type { SessionSnapshot, SessionState } from "../sessions/session-provider.ts";
import type { Intent } from "./intent.ts";
import type { Restart } from "./restarts.ts";

/** One thing for the driver to do. */
export type Action =
  | { readonly kind: "start"; readonly session: string; readonly config: SessionConfig }
  | { readonly kind: "stop"; readonly session: string };

/** Everything that a decision depends on. */
export interface World {
  readonly city: City;
  readonly intent: Intent;
  readonly observed: SessionSnapshot;
  readonly restarts: ReadonlyMap<string, Restart>;
  /** Sessions with an action under way: they are left alone until it ends. */
  readonly busy: ReadonlySet<string>;
  /** In milliseconds since the epoch. */
  readonly now: number;
}

export interface Decision {
  readonly actions: readonly Action[];
  /** When to decide anew if nothing happens before; undefined when only news can change the decision. */
  readonly wakeAt: number | undefined;
}

/** Pure: the same world gives the same decision. */
export function decide(world: World): Decision {
  const { city, intent, observed, restarts, busy, now } = world;
  // What is not seen clearly is not touched: a start could double a session, a stop could hit the wrong one.
  if (!observed.synced || observed.problem) return { actions: [], wakeAt: undefined };

  const actions: Action[] = [];
  let wakeAt: number | undefined;
  for (const { name, config, problem } of city.sessions) {
    if (busy.has(name)) continue;
    const state = observed.sessions.get(name)?.state;
    if (!isDesired(world, name)) {
      if (isAlive(state) && (intent.held.has(name) || city.suspended)) actions.push({ kind: "stop", session: name });
      continue;
    }
    if (isAlive(state) || state === "stopping" || problem) continue;
    const retryAt = restarts.get(name)?.retryAt ?? now;
    if (retryAt <= now) actions.push({ kind: "start", session: name, config });
    else wakeAt = Math.min(wakeAt ?? retryAt, retryAt);
  }
  return { actions, wakeAt };
}

/** Whether a session of the city shall run. */
export function isDesired({ city, intent }: Pick<World, "city" | "intent">, session: string): boolean {
  if (city.suspended || intent.held.has(session)) return false;
  if (intent.manual.has(session)) return true;
  return intent.running && city.sessions.some(({ name, wanted }) => name === session && wanted);
}

function isAlive(state: SessionState | undefined): boolean {
  return state === "running" || state === "starting";
}
