import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, vi } from "vitest";
import { askController } from "../src/controller/control/ask-controller.ts";
import type { CityState } from "../src/runtime/city-state.ts";
import { ControllerProcess } from "./controller-process.ts";
import { LocalTmux } from "./local-tmux.ts";

const patience = { timeout: 60_000, interval: 50 };

/** Calls what it is given once the test has ended: vitest's own, or the one that a concurrent test gets. */
export type OnceEnded = (cleanUp: () => void) => void;

/** The end of a city.toml: a pool of two sessions, of which none is waited for when the city stops. */
export const twoSessions = `[daemon]
shutdown_timeout = "0s"
[[agent]]
name = "a"
start_command = "cat"
min_active_sessions = 2
max_active_sessions = 2
`;

/** A city of two sessions on a tmux server of its own, and the program in processes of their own. */
export class HeadlessCity {
  readonly #ended: OnceEnded;
  readonly #tmux = new LocalTmux();
  readonly #socket = `headless-${randomBytes(4).toString("hex")}`;
  readonly root = join(this.#tmux.folder, this.#socket);
  readonly env = this.#tmux.env;

  constructor(ended: OnceEnded) {
    this.#ended = ended;
    ended(() => this.#tmux.dispose());
  }

  /** `more` follows the table of the agent `a`, whose pool has two sessions. */
  async write(more = ""): Promise<void> {
    await mkdir(this.root, { recursive: true });
    const toml = `[workspace]
name = "t"
[session]
socket = "${this.#socket}"
${twoSessions}${more}`;
    // At once: it is never seen half written.
    await writeFile(join(this.root, "city.toml.new"), toml);
    await rename(join(this.root, "city.toml.new"), join(this.root, "city.toml"));
  }

  run(...options: readonly string[]): ControllerProcess {
    return this.runIn({}, ...options);
  }

  /** With more in its environment. */
  runIn(env: NodeJS.ProcessEnv, ...options: readonly string[]): ControllerProcess {
    const controller = new ControllerProcess(this.root, { ...this.env, ...env }, ...options);
    this.#ended(() => controller[Symbol.dispose]());
    return controller;
  }

  /** Another operation of the verb. */
  async ask(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, ["src/cli.ts", "controller", ...args, this.root], {
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close") as Promise<[number]>,
    ]);
    return { code, stdout, stderr };
  }

  /** As its controller on this machine tells it. */
  async state(): Promise<CityState> {
    return JSON.parse((await askController(this.root, "state")) ?? "{}") as CityState;
  }

  /** Name and id of each session. */
  async sessions(): Promise<string[]> {
    const format = "#{session_name} #{session_id} #{session_created}";
    const { stdout } = await this.#tmux.run(["tmux", "-L", this.#socket, "list-sessions", "-F", format]);
    return stdout.split("\n").filter(Boolean);
  }

  async untilTwo(): Promise<string[]> {
    return vi.waitFor(async () => {
      const { agents } = await this.state();
      expect(agents?.map(({ phase }) => phase)).toEqual(["running", "running"]);
      return this.sessions();
    }, patience);
  }

  killSession(session = ""): void {
    this.#tmux.tmux("-L", this.#socket, "kill-session", "-t", `=${session.split(" ")[0]}`);
  }

  async events(type: string): Promise<number> {
    const log = await readFile(join(this.root, ".gc/events.jsonl"), "utf8");
    return log.split("\n").filter((line) => line.includes(`"type":"${type}"`)).length;
  }
}

export async function headlessCity(ended: OnceEnded = onTestFinished): Promise<HeadlessCity> {
  const city = new HeadlessCity(ended);
  await city.write();
  return city;
}
