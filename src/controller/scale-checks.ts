import type { CityAgent } from "../city/city.ts";
import type { Log } from "../lib/log.ts";
import { runCheck } from "./run-check.ts";

/** In milliseconds (gascity-spec §3.6). */
const timeLimit = 180_000;

type ScaleCheck = NonNullable<CityAgent["scaleCheck"]>;

/** Runs the agents' scale_check commands, and keeps what they said last. */
export class ScaleChecks {
  readonly #log: Log;
  readonly #env: Readonly<Record<string, string | undefined>>;
  /** What each command that has ended printed last; undefined when it failed, or printed no number. */
  readonly #answers = new Map<string, number | undefined>();
  readonly #running = new Map<string, AbortController>();

  constructor(log: Log, env: Readonly<Record<string, string | undefined>>) {
    this.#log = log;
    this.#env = env;
  }

  /** What the commands printed last; an agent whose command failed, or printed no number, is missing. */
  get counts(): ReadonlyMap<string, number> {
    return new Map([...this.#answers].flatMap(([agent, count]) => (count === undefined ? [] : [[agent, count]])));
  }

  /** Whether the command of each of these has ended at least once: until then nobody knows how many sessions it asks for. */
  haveAnswered(agents: readonly CityAgent[]): boolean {
    return agents.every((agent) => !checkOf(agent) || this.#answers.has(agent.name));
  }

  /** Runs each command once more, unless it still runs; `changed` is told of its first answer, and when that is another one. */
  run(agents: readonly CityAgent[], changed: () => void): void {
    const names = new Set(agents.map(({ name }) => name));
    for (const name of this.#answers.keys()) if (!names.has(name)) this.#answers.delete(name);
    for (const agent of agents) {
      const check = checkOf(agent);
      if (check && !this.#running.has(agent.name)) void this.#check(agent.name, check, changed);
    }
  }

  /** Ends the commands that run. */
  dispose(): void {
    for (const abort of this.#running.values()) abort.abort();
  }

  async #check(agent: string, { command, folder }: ScaleCheck, changed: () => void): Promise<void> {
    const abort = new AbortController();
    this.#running.set(agent, abort);
    const { text, problem } = await runCheck(command, folder, {
      env: this.#env,
      limit: timeLimit,
      signal: abort.signal,
    });
    this.#running.delete(agent);
    if (abort.signal.aborted) return;
    const count = problem === "" && /^\d{1,6}$/u.test(text.trim()) ? Number(text.trim()) : undefined;
    if (count === undefined) {
      const what = problem || `it printed ${JSON.stringify(text.trim().slice(0, 80))}, which is no number`;
      this.#log.warn(`scale_check of ${agent} does not count: ${what}. min_active_sessions counts until it does`);
    }
    const isNews = !this.#answers.has(agent) || count !== this.#answers.get(agent);
    this.#answers.set(agent, count);
    if (isNews) changed();
  }
}

/** What is to be run for an agent; nothing while it is suspended. */
function checkOf({ scaleCheck, suspended }: CityAgent): ScaleCheck | undefined {
  return suspended === "" ? scaleCheck : undefined;
}
