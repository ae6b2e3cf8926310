import { setTimeout as delay } from "node:timers/promises";
import type { City } from "../city/city.ts";
import { ProblemError, problemOf } from "../lib/problem.ts";
import type { SessionProvider } from "../sessions/session-provider.ts";
import { recordFor } from "./ask-for-session.ts";
import type { Controller } from "./controller.ts";
import { patchOf } from "./reconcile/verdict.ts";
import { asleep } from "./reconcile/record-changes.ts";
import { isAwake } from "./reconcile/session-record.ts";
import { stopWaves } from "./stop-waves.ts";

/** How far the stop of a city is, in sessions. */
export interface StopProgress {
  readonly stopped: number;
  readonly total: number;
}

/**
 * Stops every session that the provider runs (gascity-spec §3.10): interrupts all, waits out the city's grace, then ends what
 * is left, those first that others do not depend on. Fails with the names of those that did not stop; when aborted, what
 * has ended has ended, and the rest runs on. `report` hears first of how many there are, then of each that has ended.
 */
export async function stopCity(
  { controller, provider, city }: { controller: Controller; provider: SessionProvider; city: City },
  signal: AbortSignal,
  report: (progress: StopProgress) => void = () => {},
): Promise<void> {
  await controller.alone(async (work) => {
    const sessions = (await provider.list(signal)).filter(({ state }) => state !== "stopping");
    const running = sessions.filter(({ state }) => state === "running").map(({ name }) => name);
    const total = sessions.length;
    const left = new Set(sessions.map(({ name }) => name));
    const alive = (): ReadonlySet<string> => {
      const { observed } = controller;
      return new Set([...left].filter((name) => (observed.sessions.get(name)?.state ?? "exited") !== "exited"));
    };
    const tell = (): void => report({ stopped: total - alive().size, total });
    const failures: string[] = [];
    const { records } = controller.ledger;
    const stopOne = async (name: string): Promise<void> => {
      try {
        await work.stop(name);
        left.delete(name);
        tell();
      } catch (error) {
        failures.push(`${recordFor(records, name)?.alias ?? name} (${problemOf(error).reason})`);
      }
    };
    tell();
    const watch = controller.onDidChange(tell);
    try {
      if (city.shutdownTimeout > 0) await interrupted(controller, provider, running, city.shutdownTimeout, signal);
      for (const wave of stopWaves([...left], records, city.agents)) {
        signal.throwIfAborted();
        await Promise.all(wave.map(stopOne));
      }
    } finally {
      watch.dispose();
      await sleepAll(controller, alive());
    }
    if (failures.length > 0) throw notAll(failures, total);
  });
}

/** Sends Ctrl-C to all, and waits until they have ended or the grace is over. */
async function interrupted(
  controller: Controller,
  provider: SessionProvider,
  names: readonly string[],
  grace: number,
  signal: AbortSignal,
): Promise<void> {
  await Promise.allSettled(names.map((name) => provider.interrupt(name)));
  const ended = (): boolean => names.every((name) => controller.observed.sessions.get(name)?.state !== "running");
  if (ended()) return;
  const done = new AbortController();
  const watch = controller.onDidChange(() => ended() && done.abort());
  await delay(grace, undefined, { signal: AbortSignal.any([signal, done.signal]) }).catch(() => {});
  watch.dispose();
}

/** None of the sessions is wanted back because it ran when the city was stopped; those that are `alive` may run on. */
async function sleepAll(controller: Controller, alive: ReadonlySet<string>): Promise<void> {
  const now = Date.now();
  const awake = controller.ledger.records.filter((record) => isAwake(record) || record.pendingCreate);
  const gone = awake.filter(({ session }) => controller.workOn(session) === undefined && !alive.has(session));
  await controller.ledger.write(
    gone.map((record) => patchOf(record, asleep("city-stop", now))),
    now,
  );
}

function notAll(failures: readonly string[], total: number): ProblemError {
  return new ProblemError({
    code: "session-failed",
    reason: `${failures.length} of ${total} sessions did not stop: ${failures.join(", ")}`,
    action: "Run Stop City again, or stop them one by one",
  });
}
