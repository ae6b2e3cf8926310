import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { silentLog } from "../../src/lib/log.ts";
import type { CityRuntime } from "../../src/runtime/city-runtime.ts";
import { openCityRuntime } from "../../src/runtime/open-city-runtime.ts";
import { runGc } from "./gc.ts";
import { type GcController, startGc } from "./gc-controller.ts";
import { writeCity } from "./write-city.ts";

export const patience = { timeout: 15_000, interval: 20 };

/** A pool of two, a named session, and one on demand: what gc and we control in turn. */
const agents = `
[[agent]]
name = "coder"
start_command = "cat"
min_active_sessions = 2
max_active_sessions = 4

[[agent]]
name = "boss"
start_command = "cat"

[[named_session]]
template = "boss"
mode = "always"

[[agent]]
name = "clerk"
start_command = "cat"

[[named_session]]
template = "clerk"
`;

/** Its sessions while nothing is asked of the one on demand. */
export const atWork = ["boss", "coder-1", "coder-2"];

/** A city that gc and we may control in turn. It ends with all that was started in it. */
export class SharedCity implements AsyncDisposable {
  protected readonly own = new AsyncDisposableStack();
  readonly root: string;
  /** What gc's environment has beyond the usual, and ours beyond this process's. */
  readonly #variables: NodeJS.ProcessEnv;

  /** `session` are the keys of its table [session]. */
  constructor(root: string, session: string, variables: NodeJS.ProcessEnv = {}) {
    this.root = root;
    this.#variables = variables;
    const head = `[workspace]
name = "shared"
[beads]
provider = "file"
[session]
${session}
[daemon]
patrol_interval = "1s"
shutdown_timeout = "0s"
`;
    writeCity(root, { "city.toml": head + agents });
  }

  /** The environment of our programs in it. */
  get env(): NodeJS.ProcessEnv {
    return { ...process.env, ...this.#variables };
  }

  startGc(): Promise<GcController> {
    return startGc(this.root, this.own, this.#variables);
  }

  /** Runs gc in the city; fails with what it says when it fails. */
  async gc(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runGc(this.root, args, this.#variables);
    expect(code, `gc ${args.join(" ")}: ${stderr}`).toBe(0);
    return stdout;
  }

  /** Opens the city with our runtime. */
  open(): CityRuntime {
    const runtime = openCityRuntime({ root: this.root, env: this.env, log: silentLog, kind: "headless" });
    this.own.use(runtime);
    return runtime;
  }

  /** What the event log tells, in order: each type with its subject. */
  events(): readonly string[] {
    const lines = readFileSync(join(this.root, ".gc/events.jsonl"), "utf8").trim().split("\n");
    return lines.map((line) => {
      const { type, subject = "" } = JSON.parse(line) as { type: string; subject?: string };
      return `${type} ${subject}`.trim();
    });
  }

  /** The sessions' records by the names of their sessions: metadata of those that are open. */
  records(): Readonly<Record<string, Readonly<Record<string, string>>>> {
    const file = JSON.parse(readFileSync(join(this.root, ".gc/beads.json"), "utf8")) as {
      readonly beads: readonly { id: string; status: string; issue_type: string; metadata?: Record<string, string> }[];
    };
    const open = file.beads.filter(({ status, issue_type: type }) => status !== "closed" && type === "session");
    return Object.fromEntries(
      open.map(({ id, metadata = {} }) => [metadata["session_name"] ?? "", { id, ...metadata }]),
    );
  }

  /** Forgets all beads. */
  loseBeads(): void {
    rmSync(join(this.root, ".gc/beads.json"));
  }

  /** What gc's session list says of the sessions that are open, by what people call them. */
  async listedByGc(): Promise<Readonly<Record<string, string>>> {
    const [, ...rows] = (await this.gc("session", "list")).trim().split("\n");
    return Object.fromEntries(
      rows.map((row) => row.split(/\s{2,}/u)).map(([, , state = "", , target = ""]) => [target, state]),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.own.disposeAsync();
  }
}

/** The aliases of the sessions that our runtime shows as running. */
export function shownRunning({ state }: CityRuntime): readonly string[] {
  return state.agents
    .filter(({ phase }) => phase === "running")
    .map(({ agent }) => agent)
    .sort();
}

/** Waits until our runtime controls the city and shows its sessions at work, each under its alias. */
export async function untilAtWork(runtime: CityRuntime, aliases: readonly string[] = atWork): Promise<void> {
  await vi.waitFor(() => {
    expect(runtime.state.control.kind, JSON.stringify(runtime.state.problem)).toBe("controlling");
    expect(shownRunning(runtime)).toEqual(aliases);
  }, patience);
}
