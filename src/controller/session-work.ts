import type { City } from "../city/city.ts";
import { withConversation } from "../city/resolve/conversation.ts";
import { withPrompt } from "../city/resolve/prompt-delivery.ts";
import type { SessionConfig } from "../city/session-config.ts";
import type { EventType } from "../events/event-types.ts";
import type { Disposable } from "../lib/disposable.ts";
import type { Log } from "../lib/log.ts";
import type { Counted, Meter } from "../lib/meter.ts";
import { type Problem, type ProblemCode, ProblemError, problemOf } from "../lib/problem.ts";
import type { SessionProvider } from "../sessions/session-provider.ts";
import { type Ledger } from "./ledger.ts";
import { keepsConversations } from "./reconcile/conversation.ts";
import { patchOf } from "./reconcile/verdict.ts";
import { failedToStart } from "./reconcile/death.ts";
import { asleep, ending, notRunning, type RecordPatch, started, startedFrom } from "./reconcile/record-changes.ts";
import { startCancelled } from "./start-cancelled.ts";
import { sessionHashes } from "./reconcile/session-hashes.ts";
import type { SessionRecord } from "./reconcile/session-record.ts";
import type { Action } from "./reconcile/world.ts";

/** What can be under way with a session. */
export type WorkKind = "starting" | "stopping" | "updating";

/** What performing actions takes. */
export interface WorkTools {
  readonly provider: SessionProvider;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly meter: Meter;
  readonly mayAct: () => boolean;
  /** Tells the event log. */
  readonly record: (type: EventType, subject: string, message: string) => void;
  /** Told when an action has begun or ended. */
  readonly changed: () => void;
}

interface Work {
  readonly kind: WorkKind;
  readonly done: Promise<void>;
  readonly abort: AbortController;
}

// The providers have deadlines of their own for each step; this one only keeps a fault of theirs from lasting for ever.
const actionDeadline = 15 * 60_000;

/** A start that fails so says nothing about the session. */
const faultsOfCluster: ReadonlySet<ProblemCode> = new Set([
  "cluster-unreachable",
  "cluster-unauthorized",
  "cluster-forbidden",
  "namespace-missing",
]);

const actionOf: Readonly<Record<WorkKind, Counted["actions"]["kind"]>> = {
  starting: "start",
  stopping: "stop",
  updating: "run-live",
};

/** Performs actions on sessions, each by itself, so that none waits for another, and writes down what came of them. */
export class SessionWork implements Disposable {
  readonly #tools: WorkTools;
  readonly #work = new Map<string, Work>();
  /** By session name. */
  readonly #failures = new Map<string, { readonly id: string; readonly problem: Problem }>();

  constructor(tools: WorkTools) {
    this.#tools = tools;
  }

  /** Names of sessions with an action under way. */
  get busy(): ReadonlySet<string> {
    return new Set(this.#work.keys());
  }

  kindOf(session: string): WorkKind | undefined {
    return this.#work.get(session)?.kind;
  }

  /** Why the last start of a session failed; undefined when it did not. */
  failureOf(session: string): Problem | undefined {
    return this.#failures.get(session)?.problem;
  }

  /** Forgets the failures of records. */
  forgetFailures(ids: readonly string[]): void {
    for (const [session, { id }] of this.#failures) if (ids.includes(id)) this.#failures.delete(session);
  }

  /** Begins an action; its failure is written down, and nobody waits for it. */
  begin(action: Action, city: City): void {
    switch (action.kind) {
      case "start":
        void settled(this.#start(action.record, city));
        break;
      case "stop":
        void settled(this.stop(action.session, action.message, action.after));
        break;
      case "run-live":
        void settled(this.#runLive(action.record, city));
        break;
      case "drain":
        void this.#note("drain", action.record, {
          GC_DRAIN: String(Math.floor(Date.now() / 1000)),
          GC_DRAIN_REASON: action.reason,
        });
        break;
      case "undrain":
        void this.#note("undrain", action.record, { GC_DRAIN: "", GC_DRAIN_REASON: "" });
    }
  }

  /** Ends a session, or joins the end that is under way; a start that is, is cancelled first. */
  async stop(
    session: string,
    message = "",
    after?: { readonly id: string; readonly patch: RecordPatch },
  ): Promise<void> {
    const { provider, ledger, log, record } = this.#tools;
    const work = this.#work.get(session);
    if (work?.kind === "stopping") return work.done;
    if (work) {
      work.abort.abort(startCancelled(session));
      await settled(work.done);
    }
    await this.#perform(session, "stopping", async (signal) => {
      const own = ledger.records.find(({ id }) => id === after?.id);
      if (own) await ledger.write([patchOf(own, ending(own.generation))], Date.now());
      await provider.stop(session, signal);
      const alias = ledger.records.find((other) => other.session === session)?.alias ?? session;
      record("session.stopped", alias, message);
      log.info(`${alias} stopped${message && `: ${message}`}`);
      if (after) await ledger.write([{ kind: "patch", ...after }], Date.now());
    });
  }

  /** Gives up all that is under way, ends too: another controller decides now what becomes of the sessions. */
  abandon(): void {
    for (const [session, { abort }] of this.#work) abort.abort(controlLost(session));
  }

  /** Cancels all starts, and waits for the end of everything that is under way. */
  async cancelStarts(): Promise<void> {
    for (const [session, { kind, abort }] of this.#work) if (kind === "starting") abort.abort(startCancelled(session));
    await Promise.all(Array.from(this.#work.values(), ({ done }) => settled(done)));
  }

  /** Cancels starts; ends go on. */
  dispose(): void {
    for (const [session, { kind, abort }] of this.#work) if (kind !== "stopping") abort.abort(startCancelled(session));
  }

  #start(record: SessionRecord, city: City): Promise<void> {
    const { provider, ledger, log } = this.#tools;
    const agent = city.agents.find(({ name }) => name === record.template);
    if (!agent) return Promise.resolve();
    const config = agent.configOf(record);
    return this.#perform(record.session, "starting", async (signal) => {
      try {
        await provider.start(record.session, configFor(record, config, city), signal);
      } catch (error) {
        await this.#startFailed(record, error, signal);
        throw error;
      }
      this.#failures.delete(record.session);
      await ledger.write([patchOf(record, started(record.generation, sessionHashes(config), Date.now()))], Date.now());
      this.#tools.record("session.woke", record.alias, "");
      log.info(`${record.alias} started`);
    });
  }

  async #startFailed(record: SessionRecord, error: unknown, signal: AbortSignal): Promise<void> {
    const { ledger, log, mayAct } = this.#tools;
    const problem = asPeopleKnow(record, problemOf(error));
    const now = Date.now();
    // It runs, or another's start of it is under way: the next look tells.
    if (problem.code === "session-exists" || problem.code === "session-initializing" || !mayAct()) return;
    if (signal.aborted) return ledger.write([patchOf(record, asleep("cancelled", now))], now);
    // What is said already is not said at each try.
    const known = this.#failures.get(record.session)?.problem.reason === problem.reason;
    log[known ? "debug" : "error"](`${record.alias} did not start: ${problem.reason}. ${problem.action}`);
    this.#failures.set(record.session, { id: record.id, problem });
    const { patch, quarantinedUntil } = failedToStart(record, now, { blameless: faultsOfCluster.has(problem.code) });
    await ledger.write([patchOf(record, { ...patch, ...notRunning(problem) })], now);
    if (quarantinedUntil !== undefined) this.#tools.record("session.quarantined", record.alias, problem.reason);
  }

  #runLive(record: SessionRecord, city: City): Promise<void> {
    const { provider, ledger } = this.#tools;
    const agent = city.agents.find(({ name }) => name === record.template);
    if (!agent || !record.startedFrom) return Promise.resolve();
    const config = agent.configOf(record);
    const { core } = record.startedFrom;
    return this.#perform(record.session, "updating", async (signal) => {
      await provider.runLive(record.session, withIdentity(config, record), signal);
      const { live } = sessionHashes(config);
      await ledger.write([patchOf(record, startedFrom(record.generation, { core, live }))], Date.now());
      this.#tools.record("session.updated", record.alias, "session_live re-applied");
    });
  }

  async #note(
    kind: "drain" | "undrain",
    { session }: SessionRecord,
    notes: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { provider, log, meter } = this.#tools;
    const set = ([key, value]: readonly [string, string]): Promise<void> =>
      value === "" ? provider.removeMeta(session, key) : provider.setMeta(session, key, value);
    // An agent that cannot be told ends at its deadline all the same.
    try {
      await Promise.all(Object.entries(notes).map(set));
      meter.count("actions", { kind, outcome: "done" });
    } catch (error) {
      meter.count("actions", { kind, outcome: "failed" });
      log.debug(`${session} was not told to finish: ${problemOf(error).reason}`);
    }
  }

  #perform(session: string, kind: WorkKind, run: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(actionDeadline)]);
    const done = this.#counted(kind, signal, run(signal)).finally(() => {
      this.#work.delete(session);
      this.#tools.changed();
    });
    this.#work.set(session, { kind, done, abort });
    this.#tools.changed();
    return done;
  }

  async #counted(work: WorkKind, signal: AbortSignal, done: Promise<void>): Promise<void> {
    const { meter } = this.#tools;
    const kind = actionOf[work];
    try {
      await done;
      meter.count("actions", { kind, outcome: "done" });
    } catch (error) {
      meter.count("actions", { kind, outcome: signal.aborted ? "cancelled" : "failed" });
      throw error;
    }
  }
}

/** What this incarnation is started from: the fingerprints count none of that. */
function configFor(record: SessionRecord, config: SessionConfig, city: City): SessionConfig {
  const { conversation, generation } = record;
  const known = conversation && keepsConversations(city);
  const goesOn = known ? withConversation(config, conversation.key, conversation.begunBy !== generation) : config;
  return withPrompt(withIdentity(goesOn, record), new Date());
}

/** Who the session is, for the session itself and for whoever asks it (gascity-spec §2.2, §3.13). */
function withIdentity(config: SessionConfig, { id, generation, instanceToken }: SessionRecord): SessionConfig {
  const identity = {
    GC_SESSION_ID: id,
    GC_INSTANCE_TOKEN: instanceToken,
    GC_RUNTIME_EPOCH: String(generation),
    GC_CONTINUATION_EPOCH: "1",
  };
  return { ...config, env: { ...config.env, ...identity } };
}

/** Providers know sessions by their names. */
function asPeopleKnow({ session, alias }: SessionRecord, problem: Problem): Problem {
  const { reason } = problem;
  return reason.startsWith(`${session} `) ? { ...problem, reason: alias + reason.slice(session.length) } : problem;
}

function controlLost(session: string): ProblemError {
  return new ProblemError({
    code: "control-lost",
    reason: `What was being done to ${session} was given up, for this process does not control the city any more`,
    action: "See who controls it now",
  });
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await promise.catch(() => {});
}
