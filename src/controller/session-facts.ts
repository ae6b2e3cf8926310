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

/** What running sessions answered, kept until it is too old to rely on. */
export class FactsReader {
  readonly #provider: SessionProvider;
  readonly #known = new Map<string, { readonly id: string; readonly at: number; readonly facts: SessionFacts }>();

  constructor(provider: SessionProvider) {
    this.#provider = provider;
  }

  /** What is known of these sessions, by name. One that did not answer is missing: not to see an agent is not its death. */
  async read(sessions: readonly Asked[], now: number): Promise<ReadonlyMap<string, SessionFacts>> {
    const names = new Set(sessions.map(({ status }) => status.name));
    for (const name of this.#known.keys()) if (!names.has(name)) this.#known.delete(name);
    const old = sessions.filter(({ status: { name, id }, maxAge }) => {
      const known = this.#known.get(name);
      return known?.id !== id || now - known.at > maxAge;
    });
    await Promise.all(old.map((asked) => this.#ask(asked, now).catch(() => undefined)));
    return new Map(Array.from(this.#known, ([name, { facts }]) => [name, facts]));
  }

  async #ask({ status: { name, id }, programs }: Asked, at: number): Promise<void> {
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
    this.#known.set(name, { id, at, facts });
  }
}
