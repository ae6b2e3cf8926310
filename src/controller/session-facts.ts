import { setTimeout as delay } from "node:timers/promises";
import type { SessionProvider, SessionStatus } from "../sessions/session-provider.ts";
import type { SessionFacts } from "./reconcile/world.ts";

/** Screen lines of a dead agent that are worth keeping (gascity-spec §3.7, row 6). */
const lastLines = 50;

/** A session to ask, and the programs that its agent consists of. */
export interface Asked {
  readonly status: SessionStatus;
  readonly programs: readonly string[];
  /** How old an answer may be, in milliseconds. */
  readonly maxAge: number;
}

/** How long a round waits for answers, in milliseconds: one slow pod shall not hold the others. */
const patience = 500;

type Asking = Pick<SessionProvider, "inspect" | "processAlive" | "peek">;

/** What one session answered. */
interface Answer {
  readonly id: string;
  /** When it was asked, on the clock that nobody sets. */
  readonly at: number;
  /** For how long it had done nothing then. */
  readonly idle: number;
  readonly facts: SessionFacts;
}

/**
 * What running sessions answered, kept until it is too old to rely on. How long a session has done nothing is counted on the
 * clock that nobody sets once it is known: one that slept with its machine has not been idle.
 */
export class FactsReader {
  readonly #provider: Asking;
  readonly #changed: () => void;
  readonly #known = new Map<string, Answer>();
  /** By session name. */
  readonly #asking = new Map<string, Promise<void>>();

  /** `changed` is told of answers that came after their round. */
  constructor(provider: Asking, changed: () => void) {
    this.#provider = provider;
    this.#changed = changed;
  }

  /**
   * What is known of these sessions, by name. One that did not answer is missing, or known as it was: not to see an agent is
   * not its death. When answers are `due`, all of them are waited for; else news waits only for sessions of which nothing is
   * known yet.
   */
  async read(sessions: readonly Asked[], due: boolean): Promise<ReadonlyMap<string, SessionFacts>> {
    const ids = new Map(sessions.map(({ status }) => [status.name, status.id]));
    for (const [name, { id }] of this.#known) if (ids.get(name) !== id) this.#known.delete(name);
    const now = performance.now();
    const old = sessions.filter(
      ({ status: { name }, maxAge }) => now - (this.#known.get(name)?.at ?? -Infinity) > maxAge,
    );
    let left = old.length;
    const asking = old.map((asked) => ({
      needed: due || !this.#known.has(asked.status.name),
      answer: this.#join(asked).then(() => void (left -= 1)),
    }));
    const answers = asking.map(({ answer }) => answer);
    await inTime(asking.filter(({ needed }) => needed).map(({ answer }) => answer));
    if (left > 0) void this.#tell(answers, () => left > 0);
    return new Map(Array.from(this.#known, ([name, answer]) => [name, factsNow(answer)]));
  }

  /** Tells of late answers; of those that let the others wait, once more. */
  async #tell(answers: readonly Promise<void>[], isLeft: () => boolean): Promise<void> {
    await inTime(answers);
    this.#changed();
    if (!isLeft()) return;
    await Promise.all(answers);
    this.#changed();
  }

  /** Asks a session, unless it has still to answer. */
  #join(asked: Asked): Promise<void> {
    const { name } = asked.status;
    const under = this.#asking.get(name);
    if (under) return under;
    const asking = this.#ask(asked)
      .catch(() => undefined)
      .finally(() => this.#asking.delete(name));
    this.#asking.set(name, asking);
    return asking;
  }

  async #ask({ status: { name, id }, programs }: Asked): Promise<void> {
    const at = performance.now();
    const [{ notes, lastActivity, attached }, alive] = await Promise.all([
      this.#provider.inspect(name),
      this.#provider.processAlive(name, programs),
    ]);
    const facts: SessionFacts = {
      alive,
      screen: alive ? "" : await this.#provider.peek(name, lastLines),
      drainAcknowledged: notes.get("GC_DRAIN_ACK") === "1",
      restartRequested: (notes.get("GC_RESTART_REQUESTED") ?? "") !== "",
      owner: notes.get("GC_SESSION_ID") ?? "",
      lastActivity,
      attached,
    };
    this.#known.set(name, { id, at, idle: idleAt(at, lastActivity, this.#known.get(name)), facts });
  }
}

/** For how long a session had done nothing when it was asked. What its clock says is believed only of what was not seen from here. */
function idleAt(at: number, lastActivity: number, before: Answer | undefined): number {
  const told = Math.max(0, Date.now() - lastActivity);
  if (!before) return told;
  const since = at - before.at;
  return lastActivity === before.facts.lastActivity ? before.idle + since : Math.min(told, since);
}

/** An answer whose time is told by the wall clock as it is set now. */
function factsNow({ at, idle, facts }: Answer): SessionFacts {
  return { ...facts, lastActivity: Date.now() - idle - (performance.now() - at) };
}

/** Resolves with the last of them, or when patience ends. */
async function inTime(answers: readonly Promise<void>[]): Promise<void> {
  if (answers.length > 0) await Promise.race([Promise.all(answers), delay(patience, undefined, { ref: false })]);
}
