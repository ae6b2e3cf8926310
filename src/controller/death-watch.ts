import type { SessionSnapshot, SessionStatus } from "../sessions/session-provider.ts";

/** Remembers when sessions that ran were seen to run no more, so that it can be told how long a replacement took. */
export class DeathWatch {
  /** By session name, in milliseconds of `performance.now`. */
  readonly #deaths = new Map<string, number>();

  /** Compares two looks; those that `isExpected` names were ended on purpose. */
  look(before: SessionSnapshot, after: SessionSnapshot, isExpected: (session: string) => boolean): void {
    if (after.problem) return;
    for (const [name, status] of before.sessions) {
      const now = after.sessions.get(name);
      if (now === status || !runs(status) || (runs(now) && now?.id === status.id) || isExpected(name)) continue;
      this.#deaths.set(name, performance.now());
    }
    for (const name of this.#deaths.keys()) if (runs(after.sessions.get(name))) this.#deaths.delete(name);
  }

  /** For how many seconds the session has been dead; asked once, when its replacement begins. */
  replaced(session: string): number | undefined {
    const death = this.#deaths.get(session);
    this.#deaths.delete(session);
    return death === undefined ? undefined : (performance.now() - death) / 1000;
  }
}

function runs(status: SessionStatus | undefined): boolean {
  return status?.state === "running";
}
