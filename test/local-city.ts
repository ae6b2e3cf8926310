import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, test, vi } from "vitest";
import type { NewEvent } from "../src/events/event-log.ts";
import { openJsonlEventLog } from "../src/events/jsonl/jsonl-event-log.ts";
import { silentLog } from "../src/lib/log.ts";
import type { CityRuntime } from "../src/runtime/city-runtime.ts";
import type { CityState } from "../src/runtime/city-state.ts";
import { openCityRuntime } from "../src/runtime/open-city-runtime.ts";
import { LocalTmux } from "./local-tmux.ts";

/** A city on a tmux server of its own. */
export class LocalCity {
  readonly #tmux: LocalTmux;
  readonly #socket = `city-${randomBytes(4).toString("hex")}`;
  readonly root: string;
  readonly #open: CityRuntime[] = [];

  constructor(tmux: LocalTmux) {
    this.#tmux = tmux;
    this.root = join(tmux.folder, this.#socket);
  }

  /** Writes city.toml: agents, and keys of [daemon]; without them a city stops at once. */
  async write(agents: string, daemon = 'shutdown_timeout = "0s"'): Promise<void> {
    const head = `[workspace]\nname = "t"\n[session]\nsocket = "${this.#socket}"\n[daemon]\n${daemon}\n`;
    await writeFile(join(this.root, "city.toml"), head + agents);
  }

  open(env: Record<string, string> = {}): CityRuntime {
    const runtime = openCityRuntime({ root: this.root, env, log: silentLog, kind: "headless" });
    this.#open.push(runtime);
    return runtime;
  }

  tmux(...args: string[]): string {
    return this.#tmux.tmux("-L", this.#socket, ...args);
  }

  async sessions(): Promise<string[]> {
    const { stdout } = await this.#tmux.run(["tmux", "-L", this.#socket, "list-sessions", "-F", "#{session_name}"]);
    return stdout.split("\n").filter(Boolean);
  }

  /** Records an event as another process would. */
  async record(event: NewEvent): Promise<void> {
    const events = openJsonlEventLog({ root: this.root, log: silentLog });
    await events.record(event);
    events.dispose();
  }

  /** What the event log tells, in order: each type with its subject. */
  async told(): Promise<readonly string[]> {
    const events = openJsonlEventLog({ root: this.root, log: silentLog });
    const told = await events.list({});
    events.dispose();
    return told.map(({ type, subject = "" }) => `${type} ${subject}`.trim());
  }

  dispose(): void {
    for (const runtime of this.#open) runtime.dispose();
  }
}

/** `it` for tests that get a city each, on a tmux of their file's own. */
export function localCities() {
  let tmux: LocalTmux;
  beforeAll(() => {
    tmux = new LocalTmux();
    vi.stubEnv("TMUX_TMPDIR", tmux.folder);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    tmux.dispose();
  });
  return test.extend<{ city: LocalCity }>({
    // oxlint-disable-next-line no-empty-pattern -- Vitest reads from it what a fixture needs.
    city: async ({}, use) => {
      const city = new LocalCity(tmux);
      await mkdir(city.root);
      await use(city);
      city.dispose();
    },
  });
}

/** An agent's table: one session, always, unless `more` says otherwise. */
export function agent(
  name: string,
  command = "cat",
  more = "min_active_sessions = 1\nmax_active_sessions = 1",
): string {
  return `[[agent]]\nname = "${name}"\nstart_command = "${command}"\n${more}\n`;
}

/** The first state, from now on, that is as it shall be. */
export async function untilState(runtime: CityRuntime, condition: (state: CityState) => boolean): Promise<CityState> {
  const { promise, resolve } = Promise.withResolvers<CityState>();
  const check = (state: CityState): void => {
    if (condition(state)) resolve(state);
  };
  const watch = runtime.onDidChange(check);
  check(runtime.state);
  try {
    return await promise;
  } finally {
    watch.dispose();
  }
}

export const phases = (state: CityState): Record<string, string> =>
  Object.fromEntries(state.agents.map(({ agent, phase }) => [agent, phase]));
export const sessionOf = (state: CityState, name: string): string =>
  state.agents.find(({ agent }) => agent === name)?.session ?? "";
export const allRunning = (state: CityState): boolean =>
  state.agents.length > 0 && state.agents.every(({ phase }) => phase === "running");
