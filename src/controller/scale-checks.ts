import type { CityAgent } from "../city/city.ts";
import type { Log } from "../lib/log.ts";
import { runCheck } from "./run-check.ts";

/** In milliseconds (gascity-spec §3.6). */
const timeLimit = 180_000;

/** Runs the agents' scale_check commands, and keeps what they said last. */
export class ScaleChecks {
  readonly #log: Log;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #counts = new Map<string, number>();
  readonly #running = new Map<string, AbortController>();

  constructor(log: Log, env: Readonly<Record<string, string | undefined>>) {
    this.#log = log;
    this.#env = env;
  }

  /** What the commands printed last; an agent whose command failed, or printed no number, is missing. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Runs each command once more, unless it still runs; `changed` is told when a number is another one. */
  run(agents: readonly CityAgent[], changed: () => void): void {
    const names = new Set(agents.map(({ name }) => name));
    for (const name of this.#counts.keys()) if (!names.has(name)) this.#counts.delete(name);
    for (const { name, scaleCheck, suspended } of agents) {
      if (!scaleCheck || suspended !== "" || this.#running.has(name)) continue;
      void this.#check(name, scaleCheck).then((count) => {
        if (count === this.#counts.get(name)) return;
        if (count === undefined) this.#counts.delete(name);
        else this.#counts.set(name, count);
        changed();
      });
    }
  }

  /** Ends the commands that run. */
  dispose(): void {
    for (const abort of this.#running.values()) abort.abort();
  }

  async #check(agent: string, { command, folder }: NonNullable<CityAgent["scaleCheck"]>): Promise<number | undefined> {
    const abort = new AbortController();
    this.#running.set(agent, abort);
    const { text, problem } = await runCheck(command, folder, {
      env: this.#env,
      limit: timeLimit,
      signal: abort.signal,
    });
    this.#running.delete(agent);
    if (abort.signal.aborted) return this.#counts.get(agent);
    if (problem === "" && /^\d{1,6}$/u.test(text.trim())) return Number(text.trim());
    const what = problem || `it printed ${JSON.stringify(text.trim().slice(0, 80))}, which is no number`;
    this.#log.warn(`scale_check of ${agent} does not count: ${what}. min_active_sessions counts until it does`);
    return undefined;
  }
}
