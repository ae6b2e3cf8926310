import { cp, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { SessionConfig } from "../../city/session-config.ts";
import { type Disposable, DisposableStore, toDisposable } from "../../lib/disposable.ts";
import { KeyedQueue } from "../../lib/keyed-queue.ts";
import type { Log } from "../../lib/log.ts";
import { problemOf } from "../../lib/problem.ts";
import { tmuxScreen } from "../agent-screen.ts";
import {
  type TmuxRunner,
  capturePane,
  clearScrollback,
  interruptAgent,
  isAttached,
  lastActivity,
  sendKeys,
} from "../agent-verbs.ts";
import { type SessionInspection, inspectSession } from "../inspect-session.ts";
import { placeInside } from "../place-inside.ts";
import { typeText } from "../type-text.ts";
import { runLive } from "../session-setup.ts";
import { getMeta, removeMeta, setMeta } from "../session-metadata.ts";
import { sessionExists, sessionMissing } from "../session-problems.ts";
import { type StartingSession, completeStart, usualStartupTimeout } from "../complete-start.ts";
import { nudgeText } from "../nudge-text.ts";
import type { AttachTarget, SessionProvider, SessionSnapshot, SessionStatus } from "../session-provider.ts";
import { besideSession } from "./beside-session.ts";
import { createSession } from "./create-session.ts";
import { launchLine } from "./launch-line.ts";
import { prepareWorkDir } from "./prepare-work-dir.ts";
import { endProcessTree, runsBelow } from "./process-tree.ts";
import { listPanes, parsePanes } from "./session-list.ts";
import { diedAtOnce, invalidName } from "./start-problems.ts";
import { TmuxServer } from "./tmux-server.ts";
import { requireVersion } from "./tmux-version.ts";
import { TmuxWatch } from "./tmux-watch.ts";
import { untilSettled } from "./until-settled.ts";

/** What tmux takes for a session's name without changing it (gascity-spec §7.1). */
const validName = /^[a-zA-Z0-9_-]+$/u;

/** Which server to use, and how. */
export interface TmuxSessionsOptions {
  /** Its name for `tmux -L`. */
  readonly socket: string;
  readonly log: Log;
  /** What a login shell has; this process's own when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How long a new session must live to count as started, in milliseconds. */
  readonly settle?: number;
}

// A command that is not there ends within a few milliseconds; one that lives this long is left to the watch.
const usualSettle = 250;

/** Sessions on a local tmux server. Fails with `tmux-missing`. */
export async function openTmuxSessions(options: TmuxSessionsOptions): Promise<SessionProvider> {
  const server = new TmuxServer(options.socket, options.env);
  requireVersion((await server.run(["-V"])).join("\n"));
  return new TmuxSessions(server, options.log, options.settle ?? usualSettle);
}

class TmuxSessions implements SessionProvider {
  readonly #server: TmuxServer;
  readonly #log: Log;
  readonly #settle: number;
  readonly #own = new DisposableStore();
  readonly #watches = new Set<TmuxWatch>();
  /** The last nudge of each session: texts of two callers must not mix. */
  readonly #typing = new KeyedQueue();

  constructor(server: TmuxServer, log: Log, settle: number) {
    this.#server = server;
    this.#log = log;
    this.#settle = settle;
  }

  async start(name: string, config: SessionConfig, signal: AbortSignal): Promise<void> {
    const begun = performance.now();
    if (!validName.test(name)) throw invalidName(name);
    nudgeText(config.nudge);
    const existing = await this.#find(name);
    if (existing?.state === "running" && (await this.processAlive(name, config.processNames)))
      throw sessionExists(name);
    if (existing) await this.#ifThere(name, ["kill-session", "-t", `=${name}`]);
    await prepareWorkDir(config, this.#server.env, signal);
    signal.throwIfAborted();
    await createSession(this.#server, name, { ...config, command: await launchLine(config) });
    try {
      await untilSettled(() => this.#find(name), this.#settle, signal);
      const patience = (config.startupTimeout ?? usualStartupTimeout) - (performance.now() - begun);
      await completeStart(this.#session(name, config), config, patience, signal);
    } catch (error) {
      const screen = await this.peek(name, 20).catch(() => "");
      const alive = (await this.#find(name).catch(() => undefined))?.state === "running";
      await this.#end(name);
      signal.throwIfAborted();
      throw alive ? error : diedAtOnce(name, screen, error);
    } finally {
      this.#look();
    }
  }

  async stop(name: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.#end(name);
    this.#look();
  }

  async interrupt(name: string): Promise<void> {
    await interruptAgent(this.#runner(name));
  }

  async nudge(name: string, text: string): Promise<void> {
    const typed = nudgeText(text);
    await this.#typing.run(name, async () => typeText(this.#runner(name), typed));
  }

  async peek(name: string, lines: number): Promise<string> {
    if (!(await this.#find(name))) throw sessionMissing(name);
    return capturePane(this.#agent(name), lines);
  }

  async sendKeys(name: string, keys: readonly string[]): Promise<void> {
    await this.#typing.run(name, async () => sendKeys(this.#runner(name), keys));
  }

  async clearScrollback(name: string): Promise<void> {
    await clearScrollback(this.#runner(name));
  }

  async processAlive(name: string, programs: readonly string[]): Promise<boolean> {
    if (programs.length === 0) return true;
    const asked = ["display-message", "-p", "-t", `=${name}:`, "#{pane_dead} #{pane_pid}"];
    const [dead, pid] = ((await this.#ifThere(name, asked))[0] ?? "").split(" ");
    return dead === "0" && (await runsBelow(Number(pid), programs));
  }

  async isAttached(name: string): Promise<boolean> {
    return isAttached(this.#runner(name));
  }

  async lastActivity(name: string): Promise<number> {
    return lastActivity(this.#runner(name));
  }

  async inspect(name: string): Promise<SessionInspection> {
    return inspectSession(this.#runner(name));
  }

  async setMeta(name: string, key: string, value: string): Promise<void> {
    await setMeta(this.#runner(name), key, value);
  }

  async getMeta(name: string, key: string): Promise<string> {
    return getMeta(this.#runner(name), key);
  }

  async removeMeta(name: string, key: string): Promise<void> {
    await removeMeta(this.#runner(name), key);
  }

  async copyTo(name: string, source: string, place: string): Promise<void> {
    const tmux = this.#runner(name);
    const [folder = ""] = await tmux.run(["display-message", "-p", "-t", tmux.pane, "#{session_path}"]);
    const inside = placeInside(source, place);
    const found = await stat(source).catch(() => undefined);
    if (!found) return;
    // A file for the folder itself keeps its name.
    const destination = join(folder, inside, found.isDirectory() || inside !== "" ? "" : basename(source));
    await cp(source, destination, { recursive: true });
  }

  async runLive(name: string, config: SessionConfig, signal: AbortSignal): Promise<void> {
    if ((await this.#find(name))?.state !== "running") throw sessionMissing(name);
    await runLive(this.#session(name, config), config, signal);
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

  /** Ends a session with all its processes. */
  async #end(name: string): Promise<void> {
    // A dead pane keeps the number of its process, which may be another's by now.
    const pids = "#{?pane_dead,,#{pane_pid} #{pid}}";
    const living = await this.#ifThere(name, ["list-panes", "-s", "-t", `=${name}:`, "-F", pids]);
    await Promise.all(
      living.filter(Boolean).map((line) => {
        const [pid, server] = line.split(" ").map(Number);
        return endProcessTree(pid ?? 0, server ?? 0);
      }),
    );
    await this.#ifThere(name, ["kill-session", "-t", `=${name}`]);
  }

  /** Runs a command on a session; one that is not there prints nothing. */
  async #ifThere(name: string, args: readonly string[]): Promise<readonly string[]> {
    try {
      return (await this.#server.tryRun(args)) ?? [];
    } catch (error) {
      if (await this.#find(name)) throw error;
      return [];
    }
  }

  async #find(name: string): Promise<SessionStatus | undefined> {
    return (await this.list()).find((status) => status.name === name);
  }

  #session(name: string, config: SessionConfig): StartingSession {
    const tmux = this.#agent(name);
    const shell = besideSession(tmux, resolve(config.workDir), {
      ...this.#server.env,
      ...config.env,
      GC_SESSION: name,
      GC_TMUX_SOCKET: this.#server.socket,
    });
    return { name, screen: tmuxScreen(tmux), shell, log: this.#log, nudge: (text) => this.nudge(name, text) };
  }

  /** The session of an agent that is alive: commands fail with `session-missing` in any other. */
  #runner(name: string): TmuxRunner {
    const { pane } = this.#agent(name);
    // With the command itself: to ask first would take as long again, and the answer might be old by then.
    const isDead = ["display-message", "-p", "-t", pane, "#{pane_dead}", ";"];
    const run = async (args: readonly string[], input?: string): Promise<readonly string[]> => {
      const printed = await this.#server.tryRun([...isDead, ...args], input).catch((error: unknown) => {
        if (!/can't find/u.test(problemOf(error).reason)) throw error;
      });
      const [dead, ...lines] = printed ?? [];
      if (dead !== "0") throw sessionMissing(name);
      return lines;
    };
    return {
      pane,
      run: (args) => run(args),
      load: async (buffer, text) => {
        await run(["load-buffer", "-b", buffer, "-"], text).catch(async (error: unknown) => {
          await this.#server.tryRun(["delete-buffer", "-b", buffer]).catch(() => undefined);
          throw error;
        });
      },
    };
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
