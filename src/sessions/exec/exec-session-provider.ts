import type { SessionInspection } from "../inspect-session.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { type Disposable, toDisposable } from "../../lib/disposable.ts";
import { KeyedQueue } from "../../lib/keyed-queue.ts";
import type { Log } from "../../lib/log.ts";
import { type Problem, problemOf } from "../../lib/problem.ts";
import { type AgentScreen, lookBack } from "../agent-screen.ts";
import { nudgeText } from "../nudge-text.ts";
import { placeInside } from "../place-inside.ts";
import { sessionMissing } from "../session-problems.ts";
import type { AttachTarget, SessionProvider, SessionSnapshot, SessionStatus } from "../session-provider.ts";
import { untilReady } from "../until-ready.ts";
import { type ScriptCall, callScript } from "./script-call.ts";

/** gc's limit for a start, in milliseconds (gascity-spec §7.3). */
const startTimeout = 120_000;
/** A script cannot push: what runs is asked this often, in milliseconds, with one call for all. */
const lookEvery = 5000;
/** How many lines are taken for the screen, whose height a script does not tell. */
const screenHeight = 50;

/** Sessions that a script runs, in gc's exec protocol (gascity-spec §7.3). `script` is a path or a program's name. */
export function openExecSessions({ script, log }: { readonly script: string; readonly log: Log }): SessionProvider {
  return new ExecSessions(script, log);
}

class ExecSessions implements SessionProvider {
  readonly #script: string;
  readonly #log: Log;
  readonly #listeners = new Set<(snapshot: SessionSnapshot) => void>();
  readonly #typing = new KeyedQueue();
  /** Since when each running session has been seen, in milliseconds since the epoch. */
  readonly #seen = new Map<string, number>();
  #snapshot: SessionSnapshot = { synced: false, sessions: new Map(), problem: undefined };
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(script: string, log: Log) {
    this.#script = script;
    this.#log = log;
  }

  async start(name: string, config: SessionConfig, signal: AbortSignal): Promise<void> {
    const { startMessage } = await import("./start-message.ts");
    const input = JSON.stringify(startMessage(config));
    try {
      await this.#call({ operation: "start", args: [name], input, timeout: startTimeout, signal });
      // The script types the first nudge itself; gc answers the dialogs that may stand in its way.
      if (config.readyPromptPrefix || config.emitsPermissionWarning) {
        if (!(await untilReady(this.#screen(name), config, config.startupTimeout ?? startTimeout, signal)))
          this.#log.warn(`${name} runs, but has not shown its prompt; attach to it to see what it shows`);
      }
    } catch (error) {
      if (problemOf(error).code !== "session-exists") await this.#cleanUp(name);
      throw error;
    } finally {
      this.#look();
    }
  }

  async stop(name: string, signal: AbortSignal): Promise<void> {
    await this.#call({ operation: "stop", args: [name], signal });
    this.#look();
  }

  /** Ends what a failed start has left; that this fails too must not hide why the start did. */
  async #cleanUp(name: string): Promise<void> {
    await this.stop(name, AbortSignal.timeout(startTimeout)).catch((error: unknown) =>
      this.#log.debug(`after the failed start of ${name}: ${problemOf(error).reason}`),
    );
  }

  async interrupt(name: string): Promise<void> {
    await this.#onRunning("interrupt", name);
  }

  async nudge(name: string, text: string): Promise<void> {
    const typed = nudgeText(text);
    if (typed === "") return;
    await this.#typing.run(name, async () => void (await this.#onRunning("nudge", name, [], typed)));
  }

  async peek(name: string, lines: number): Promise<string> {
    const shown = await this.#onRunning("peek", name, [`${Math.max(0, Math.trunc(lines))}`]);
    return shown === "" ? "" : `${shown}\n`;
  }

  async sendKeys(name: string, keys: readonly string[]): Promise<void> {
    await this.#typing.run(name, async () => void (await this.#onRunning("send-keys", name, keys)));
  }

  async clearScrollback(name: string): Promise<void> {
    await this.#onRunning("clear-scrollback", name);
  }

  async processAlive(name: string, programs: readonly string[]): Promise<boolean> {
    if (programs.length === 0) return true;
    const input = programs.map((program) => `${program}\n`).join("");
    return (await this.#call({ operation: "process-alive", args: [name], input })) === "true";
  }

  async isAttached(name: string): Promise<boolean> {
    return (await this.#onRunning("is-attached", name)) === "true";
  }

  async lastActivity(name: string): Promise<number> {
    return Date.parse(await this.#onRunning("get-last-activity", name)) || 0;
  }

  /** The protocol reads one note at a time; these are the ones that a controller looks for. */
  async inspect(name: string): Promise<SessionInspection> {
    const keys = ["GC_SESSION_ID", "GC_DRAIN_ACK", "GC_RESTART_REQUESTED"];
    const [lastActivity, attached, ...values] = await Promise.all([
      this.lastActivity(name),
      this.isAttached(name),
      ...keys.map((key) => this.getMeta(name, key)),
    ]);
    return { lastActivity, attached, notes: new Map(keys.map((key, index) => [key, values[index] ?? ""])) };
  }

  async setMeta(name: string, key: string, value: string): Promise<void> {
    await this.#onRunning("set-meta", name, [key], value);
  }

  async getMeta(name: string, key: string): Promise<string> {
    return this.#onRunning("get-meta", name, [key]);
  }

  async removeMeta(name: string, key: string): Promise<void> {
    await this.#onRunning("remove-meta", name, [key]);
  }

  async copyTo(name: string, source: string, place: string): Promise<void> {
    await this.#onRunning("copy-to", name, [source, placeInside(source, place)]);
  }

  /** The protocol has no operation for it. */
  async runLive(name: string): Promise<void> {
    this.#log.debug(`${this.#script} cannot run session_live of ${name} again`);
  }

  async list(signal?: AbortSignal): Promise<readonly SessionStatus[]> {
    const printed = await this.#call({ operation: "list-running", args: [""], ...(signal && { signal }) });
    const names = (printed ?? "").split("\n").filter((name) => name !== "");
    for (const name of this.#seen.keys()) if (!names.includes(name)) this.#seen.delete(name);
    return names.map((name) => {
      const createdAt = this.#seen.get(name) ?? Date.now();
      this.#seen.set(name, createdAt);
      return { name, id: `${name} ${createdAt}`, state: "running", reason: "", action: "", createdAt, looked: true };
    });
  }

  async attach(name: string): Promise<AttachTarget> {
    await this.#running(name);
    return { kind: "program", file: this.#script, args: ["attach", name] };
  }

  watch(listener: (snapshot: SessionSnapshot) => void): Disposable {
    this.#listeners.add(listener);
    listener(this.#snapshot);
    this.#look();
    return toDisposable(() => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearTimeout(this.#timer);
    });
  }

  dispose(): void {
    this.#listeners.clear();
    clearTimeout(this.#timer);
  }

  /** Looks at once, or once more when a look is under way: that one may have been too early. */
  #look(): void {
    if (this.#listeners.size === 0) return;
    clearTimeout(this.#timer);
    this.#looking = (this.#looking ?? Promise.resolve()).then(async () => {
      clearTimeout(this.#timer);
      await this.#tell();
      if (this.#listeners.size > 0) this.#timer = setTimeout(() => this.#look(), lookEvery);
    });
  }

  async #tell(): Promise<void> {
    let sessions = this.#snapshot.sessions;
    let problem: Problem | undefined;
    try {
      const known = sessions;
      const seen = (await this.list()).map((status) => {
        const before = known.get(status.name);
        return [status.name, before?.id === status.id ? before : status] as const;
      });
      sessions = new Map(seen);
    } catch (error) {
      problem = problemOf(error);
    }
    this.#snapshot = { synced: this.#snapshot.synced || !problem, sessions, problem };
    for (const listener of this.#listeners) listener(this.#snapshot);
  }

  /** Scripts do nothing, and say nothing of it, when the session is not there. */
  async #onRunning(operation: string, name: string, args: readonly string[] = [], input?: string): Promise<string> {
    await this.#running(name);
    return (await this.#call({ operation, args: [name, ...args], ...(input !== undefined && { input }) })) ?? "";
  }

  async #running(name: string): Promise<void> {
    if ((await this.#call({ operation: "is-running", args: [name] })) === "true") return;
    throw sessionMissing(name);
  }

  #screen(name: string): AgentScreen {
    return {
      look: async () => {
        const lines = (await this.peek(name, lookBack)).split("\n");
        return { lines, screen: lines.slice(-screenHeight), up: lines.some((line) => line.trim() !== "") };
      },
      press: (key) => this.sendKeys(name, [key]),
    };
  }

  #call(call: ScriptCall): Promise<string | undefined> {
    return callScript(this.#script, call);
  }
}
