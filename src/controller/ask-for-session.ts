import type { City, CitySession } from "../city/city.ts";
import { type Problem, ProblemError } from "../lib/problem.ts";
import { startCancelled } from "./start-cancelled.ts";
import type { Controller } from "./controller.ts";
import { patchOf } from "./reconcile/verdict.ts";
import { held, type NewRecord, woken } from "./reconcile/record-changes.ts";
import { isAwake, type SessionRecord } from "./reconcile/session-record.ts";
import type { RecordChange } from "./reconcile/world.ts";

/** The record that a person means by a session's name or by what the agent is called. */
export function recordFor(records: readonly SessionRecord[], name: string): SessionRecord | undefined {
  return records.find(({ session }) => session === name) ?? records.find(({ alias }) => alias === name);
}

/**
 * Wants a session from now on, its holds, its quarantine and its failures forgotten. Resolves when it runs; fails with why
 * it did not start, or with `session-missing` for one that the city does not know.
 */
export async function startSession(controller: Controller, city: City, name: string): Promise<void> {
  const known = recordFor(controller.ledger.records, name);
  const possible = city.sessions.find(({ name: session, agent }) => session === name || agent === name);
  const problem = problemOf(city, known?.template ?? templateOf(possible));
  if (problem) throw new ProblemError(problem);
  if (!known && !possible) throw unknownSession(name);
  const wanted = known?.session ?? possible?.name ?? name;
  await controller.ask([known ? wake(known) : create(possible, city)]);
  await untilStarted(controller, wanted, known?.alias ?? possible?.agent ?? name);
}

/** Ends a session, and keeps it from being started until somebody wants it. Resolves when it is gone. */
export async function stopSession(controller: Controller, name: string): Promise<void> {
  const record = recordFor(controller.ledger.records, name);
  if (record) await controller.ask([patchOf(record, { ...held(Date.now()), pending_create_claim: "" })]);
  await controller.stop(record?.session ?? name);
}

/** One that runs already loses its holds only. */
function wake(record: SessionRecord): RecordChange {
  const { state, pending_create_claim: claim, ...holds } = woken();
  return patchOf(
    record,
    isAwake(record) ? holds : { ...holds, ...(state && { state }), ...(claim && { pending_create_claim: claim }) },
  );
}

/** Without a record nobody has wanted it yet: it is one by hand, unless it has a name of its own. */
function create(possible: CitySession | undefined, city: City): RecordChange {
  const template = templateOf(possible);
  const agent = city.agents.find(({ name }) => name === template);
  if (!possible || !agent) throw unknownSession(possible?.agent ?? "");
  const named = agent.namedSessions.find(({ session }) => session === possible.name);
  const record: NewRecord = {
    template,
    alias: possible.agent,
    origin: named ? "named" : "manual",
    slot: 0,
    session: possible.name,
    ...(named && { mode: named.always ? "always" : "on_demand" }),
  };
  return { kind: "create", record, adopted: false };
}

function templateOf(possible: CitySession | undefined): string {
  return possible?.config.env["GC_TEMPLATE"] ?? "";
}

function problemOf(city: City, template: string) {
  return city.agents.find(({ name }) => name === template)?.problem;
}

async function untilStarted(controller: Controller, session: string, alias: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const check = (): void => {
    const record = controller.ledger.records.find((other) => other.session === session);
    const failure = controller.failureOf(session) ?? failureIn(record);
    if (failure) return reject(new ProblemError(failure));
    const runs = controller.observed.sessions.get(session)?.state === "running" && !controller.workOn(session);
    if (runs && record && isAwake(record)) return resolve();
    if (!record || (record.state === "asleep" && record.sleepReason === "cancelled")) reject(startCancelled(alias));
  };
  const watch = controller.onDidChange(check);
  try {
    await promise;
  } finally {
    watch.dispose();
  }
}

/** What another controller, which was asked through the records, has written into them. */
function failureIn(record: SessionRecord | undefined): Problem | undefined {
  return record?.failure && { code: "session-failed", ...record.failure };
}

function unknownSession(name: string): ProblemError {
  return new ProblemError({
    code: "session-missing",
    reason: `city.toml has no agent for the session "${name}"`,
    action: "Add the agent to city.toml, or start another one",
  });
}
