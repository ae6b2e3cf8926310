import type { CityAgent } from "../city/city.ts";
import type { Log } from "../lib/log.ts";
import { runCheck } from "./run-check.ts";

/** In milliseconds (gascity-spec §3.6). */
const timeLimit = 180_000;

/** What to do about one that does not count, and what holds meanwhile. */
export const checkAction =
  "Correct scale_check in city.toml; until it counts, the agent keeps the sessions that it has";

/** Runs the agents' scale_check commands, and keeps what they said last. */
export class ScaleChecks {
  readonly #log: Log;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #limit: number;
  readonly #counts = new Map<string, number>();
  readonly #problems = new Map<string, string>();
  readonly #running = new Map<string, AbortController>();

  /** `limit` is how long a command may take, in milliseconds. */
  constructor(log: Log, env: Readonly<Record<string, string | undefined>>, limit = timeLimit) {
    this.#log = log;
    this.#env = env;
    this.#limit = limit;
  }

  /** What the commands printed last; an agent whose command failed, or printed no number, is missing. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Why commands do not count, by agent, in words that follow "its scale_check". */
  get problems(): ReadonlyMap<string, string> {
    return this.#problems;
  }

  /** Runs each command once more, unless it still runs; `changed` is told when one counts otherwise than before. */
  run(agents: readonly CityAgent[], changed: () => void): void {
    const names = new Set(agents.flatMap(({ name, scaleCheck }) => (scaleCheck ? [name] : [])));
    for (const known of [this.#counts, this.#problems]) {
      for (const name of known.keys()) if (!names.has(name)) known.delete(name);
    }
    for (const { name, scaleCheck, suspended } of agents) {
      if (!scaleCheck || suspended !== "" || this.#running.has(name)) continue;
      void this.#check(name, scaleCheck).then((said) => {
        if (said !== undefined && this.#learn(name, said)) changed();
      });
    }
  }

  /** Ends the commands that run. */
  dispose(): void {
    for (const abort of this.#running.values()) abort.abort();
  }

  /** A number, or why there is none; undefined when the command was given up. */
  async #check(
    agent: string,
    { command, folder }: NonNullable<CityAgent["scaleCheck"]>,
  ): Promise<number | string | undefined> {
    const abort = new AbortController();
    this.#running.set(agent, abort);
    const { text, problem } = await runCheck(command, folder, {
      env: this.#env,
      limit: this.#limit,
      signal: abort.signal,
    });
    this.#running.delete(agent);
    if (abort.signal.aborted) return undefined;
    if (problem !== "") return problem;
    const said = text.trim();
    return /^\d{1,6}$/u.test(said)
      ? Number(said)
      : `it printed ${JSON.stringify(said.slice(0, 80))}, which is no number`;
  }

  /** Whether that is news. */
  #learn(agent: string, said: number | string): boolean {
    const before = this.#problems.get(agent) ?? this.#counts.get(agent);
    if (said === before) return false;
    const failed = typeof said === "string";
    (failed ? this.#counts : this.#problems).delete(agent);
    if (failed) {
      this.#problems.set(agent, said);
      this.#log.warn(`scale_check of ${agent} does not count: ${said}. ${checkAction}`);
    } else {
      this.#counts.set(agent, said);
      if (typeof before === "string") this.#log.info(`scale_check of ${agent} counts again`);
    }
    return true;
  }
}
