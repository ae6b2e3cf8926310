import type { SessionConfig } from "../../city/session-config.ts";
import { type Disposable, DisposableStore, toDisposable } from "../../lib/disposable.ts";
import type { Log } from "../../lib/log.ts";
import { ProblemError } from "../../lib/problem.ts";
import { type TmuxRunner, capturePane, interruptAgent, typeText } from "../agent-verbs.ts";
import { nudgeText } from "../nudge-text.ts";
import type { AttachTarget, SessionProvider, SessionSnapshot, SessionStatus } from "../session-provider.ts";
import { prepareWorkDir } from "./prepare-work-dir.ts";
import { endProcessTree } from "./process-tree.ts";
import { listPanes, parsePanes } from "./session-list.ts";
import { TmuxServer } from "./tmux-server.ts";
import { TmuxWatch } from "./tmux-watch.ts";
import { untilSettled } from "./until-settled.ts";

/** What tmux takes for a session's name without changing it (gascity-spec §7.1). */
const validName = /^[a-zA-Z0-9_-]+$/u;

/** Sessions on the local tmux server with this socket name. Fails with `tmux-missing`. */
export async function openTmuxSessions(options: {
  readonly socket: string;
  readonly log: Log;
}): Promise<SessionProvider> {
  const server = new TmuxServer(options.socket);
  await server.tryRun(["-V"]);
  return new TmuxSessions(server, options.log);
}

class TmuxSessions implements SessionProvider {
  readonly #server: TmuxServer;
  readonly #log: Log;
  readonly #own = new DisposableStore();
  readonly #watches = new Set<TmuxWatch>();
  /** The last nudge of each session: texts of two callers must not mix. */
  readonly #typing = new Map<string, Promise<void>>();

  constructor(server: TmuxServer, log: Log) {
    this.#server = server;
    this.#log = log;
  }

  async start(name: string, config: SessionConfig, signal: AbortSignal): Promise<void> {
    if (!validName.test(name)) throw invalidName(name);
    const existing = await this.#find(name);
    if (existing?.state === "running") throw sessionExists(name);
    if (existing) await this.#kill(name);
    await prepareWorkDir(config, this.#server.env, signal);
    signal.throwIfAborted();
    await this.#create(name, config);
    try {
      await untilSettled(() => this.#find(name), signal);
    } catch (error) {
      const screen = await this.peek(name, 20).catch(() => "");
      await this.#kill(name);
      signal.throwIfAborted();
      throw diedAtOnce(name, screen, error);
    } finally {
      this.#look();
    }
    if (config.nudge) await this.nudge(name, config.nudge);
  }

  async stop(name: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    // Another session may have a pane of this name's processes only by name: the target is exact.
    const pids = await this.#panes(name, "#{pane_pid}");
    await Promise.all(pids.map((pid) => endProcessTree(Number(pid))));
    await this.#kill(name);
    this.#look();
  }

  async interrupt(name: string): Promise<void> {
    await interruptAgent(await this.#runner(name));
  }

  async nudge(name: string, text: string): Promise<void> {
    const typed = nudgeText(text);
    const before = this.#typing.get(name) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(async () => typeText(await this.#runner(name), typed));
    this.#typing.set(name, mine);
    try {
      await mine;
    } finally {
      if (this.#typing.get(name) === mine) this.#typing.delete(name);
    }
  }

  async peek(name: string, lines: number): Promise<string> {
    if (!(await this.#find(name))) throw sessionMissing(name);
    return capturePane(this.#agent(name), lines);
  }

  async list(): Promise<readonly SessionStatus[]> {
    return parsePanes((await this.#server.tryRun(listPanes)) ?? []);
  }

  async attach(name: string): Promise<AttachTarget> {
    if (!(await this.#find(name))) throw sessionMissing(name);
    return { kind: "program", file: "tmux", args: [...this.#server.prefix, "attach-session", "-t", `=${name}`] };
  }

  watch(listener: (snapshot: SessionSnapshot) => void): Disposable {
    const watch = this.#own.add(new TmuxWatch(this.#server, this.#log, listener));
    this.#watches.add(watch);
    return toDisposable(() => {
      this.#watches.delete(watch);
      watch.dispose();
    });
  }

  dispose(): void {
    this.#own.dispose();
  }

  /** One command line for tmux, so that nobody sees the session without its options (gascity-spec §7.1). */
  async #create(name: string, config: SessionConfig): Promise<void> {
    const set = Object.entries(config.env).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
    const command = config.command === "" ? [] : [config.command];
    const option = (key: string, value: string): string[] => [";", "set-option", "-t", `=${name}:`, key, value];
    const create = ["new-session", "-d", "-s", name, "-c", config.workDir, ...set, ...command];
    const options = [
      ["remain-on-exit", "on"],
      ["window-size", "latest"],
      ["monitor-activity", "off"],
      ["mouse", "off"],
    ] as const;
    await this.#server.run([...create, ...options.flatMap(([key, value]) => option(key, value))]);
  }

  async #kill(name: string): Promise<void> {
    if (await this.#find(name)) await this.#server.tryRun(["kill-session", "-t", `=${name}`]);
  }

  async #find(name: string): Promise<SessionStatus | undefined> {
    return (await this.list()).find((status) => status.name === name);
  }

  async #panes(name: string, format: string): Promise<readonly string[]> {
    if (!(await this.#find(name))) return [];
    return (await this.#server.tryRun(["list-panes", "-s", "-t", `=${name}:`, "-F", format])) ?? [];
  }

  async #runner(name: string): Promise<TmuxRunner> {
    const status = await this.#find(name);
    if (status?.state === "running") return this.#agent(name);
    throw sessionMissing(name);
  }

  #agent(name: string): TmuxRunner {
    return {
      pane: `=${name}:`,
      run: (args) => this.#server.run(args),
      load: async (buffer, text) => {
        await this.#server.run(["load-buffer", "-b", buffer, "-"], text);
      },
    };
  }

  #look(): void {
    for (const watch of this.#watches) watch.look();
  }
}

function invalidName(name: string): ProblemError {
  return new ProblemError({
    code: "unsupported",
    reason: `"${name}" cannot be the name of a tmux session`,
    action: "Use letters, digits, - and _ in names and in workspace.session_template",
  });
}

function sessionExists(name: string): ProblemError {
  return new ProblemError({
    code: "session-exists",
    reason: `The session ${name} already exists`,
    action: "Attach to it, or stop it first",
  });
}

function sessionMissing(name: string): ProblemError {
  return new ProblemError({
    code: "session-missing",
    reason: `The session ${name} does not run`,
    action: "Start the agent first",
  });
}

function diedAtOnce(name: string, screen: string, cause: unknown): ProblemError {
  const lastLine = screen
    .trim()
    .split("\n")
    .findLast((line) => line !== "" && !line.startsWith("Pane is dead"));
  return new ProblemError(
    {
      code: "session-died",
      reason: `${name} ended as soon as it was started${lastLine ? `: ${lastLine.trim()}` : ""}`,
      action: "Run its start_command by hand to see why",
    },
    { cause },
  );
}
