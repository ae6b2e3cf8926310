import type { SessionSnapshot, SessionStatus } from "../sessions/session-provider.ts";

interface Death {
  /** On the clock of `performance`. */
  readonly seenAt: number;
  /** In milliseconds since the epoch. */
  readonly time: number;
  readonly signalled: boolean;
}

/** Remembers when sessions that ran were seen to run no more, so that it can be told how long a replacement took. */
export class DeathWatch {
  /** By session name. */
  readonly #deaths = new Map<string, Death>();

  /** When sessions that do not run were seen to be ended by a signal, by name, in milliseconds since the epoch. */
  get signalled(): ReadonlyMap<string, number> {
    return new Map([...this.#deaths].flatMap(([name, { signalled, time }]) => (signalled ? [[name, time]] : [])));
  }

  /** Compares two looks; those that `isExpected` names were ended on purpose. */
  look(before: SessionSnapshot, after: SessionSnapshot, isExpected: (session: string) => boolean): void {
    if (after.problem) return;
    for (const [name, status] of before.sessions) {
      const now = after.sessions.get(name);
      if (now === status || !runs(status) || (runs(now) && now?.id === status.id) || isExpected(name)) continue;
      this.#deaths.set(name, { seenAt: performance.now(), time: Date.now(), signalled: false });
    }
    for (const [name, death] of this.#deaths) {
      const now = after.sessions.get(name);
      if (runs(now)) this.#deaths.delete(name);
      else if (now) this.#deaths.set(name, { ...death, signalled: now.signalled ?? false });
    }
  }

  /** For how many seconds the session has been dead; asked once, when its replacement begins. */
  replaced(session: string): number | undefined {
    const death = this.#deaths.get(session);
    this.#deaths.delete(session);
    return death && (performance.now() - death.seenAt) / 1000;
  }
}

function runs(status: SessionStatus | undefined): boolean {
  return status?.state === "running";
}
