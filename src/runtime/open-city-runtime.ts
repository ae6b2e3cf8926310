import { basename, join } from "node:path";
import type { City } from "../city/city.ts";
import type { FileCache } from "../city/compose/check-file.ts";
import type { PackClone } from "../city/compose/pack-clone.ts";
import type { Diagnostic } from "../city/diagnostic.ts";
import { diskFiles } from "../city/files/disk-files.ts";
import { overlaidFiles } from "../city/files/overlaid-files.ts";
import { reloadCity } from "../city/reload-city.ts";
import { Controller } from "../controller/controller.ts";
import { askController } from "../controller/control/ask-controller.ts";
import type { CityControl } from "../controller/control/city-control.ts";
import type { ControlState, OtherController } from "../controller/control/control-state.ts";
import { untilUncontrolled } from "../controller/control/controller-lock.ts";
import type { ControllerKind } from "../controller/control/lease-holder.ts";
import { hasDiedHere, untilReplaced } from "../controller/control/dead-controller.ts";
import { openCityControl } from "./open-city-control.ts";
import { type StopProgress, stopCity } from "../controller/stop-city.ts";
import { recordFor, startSession, stopSession } from "../controller/ask-for-session.ts";
import { beadsFile } from "../beads/file/store-place.ts";
import { FileBeadStore } from "../beads/file/file-bead-store.ts";
import { openJsonlEventLog } from "../events/jsonl/jsonl-event-log.ts";
import { backoffDelay } from "../lib/backoff.ts";
import { DisposableStore, toDisposable } from "../lib/disposable.ts";
import { Emitter, type Event } from "../lib/emitter.ts";
import type { Log } from "../lib/log.ts";
import type { Meter } from "../lib/meter.ts";
import { type Problem, ProblemError, problemOf } from "../lib/problem.ts";
import type { AttachTarget, SessionProvider } from "../sessions/session-provider.ts";
import { agentStates } from "./agent-states.ts";
import type { CityRuntime } from "./city-runtime.ts";
import type { CityPhase, CityState } from "./city-state.ts";
import { type CityWish, readWish, writeWish } from "./city-wish.ts";
import { linkFormulas } from "./link-formulas.ts";
import { openSessionProvider, sameProvider } from "./providers.ts";
import { SourceWatch } from "./source-watch.ts";
import { fetchPacks } from "./fetch-packs.ts";
import { programOnPath } from "./program-on-path.ts";

/** Which city to open, and with what. */
export interface CityRuntimeOptions {
  /** Absolute path of the city's folder. */
  readonly root: string;
  /** The environment that GC_SESSION, GC_K8S_* and `$VAR` are looked up in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** What kind of program this is, for others who find it in control. */
  readonly kind: ControllerKind;
  readonly meter?: Meter;
  /** Only looks: does not go on with a city that was started before. */
  readonly observe?: boolean;
}

/** Opens a city at once; it loads and looks around by itself, and `state` tells how far it is. Never throws. */
export function openCityRuntime(options: CityRuntimeOptions): CityRuntime {
  return new OpenCityRuntime(options);
}

const noProvider: Problem = {
  code: "internal",
  reason: "The city has not been loaded",
  action: "Correct city.toml first; its problems are listed in the editor",
};
const noImage: Problem = {
  code: "no-image",
  reason: "The city runs on Kubernetes, but no image is set for its agents",
  action: 'Set image in [session.k8s] of city.toml, for example image = "registry.example/gc-agent:1"',
};
// A kubeconfig may appear, a tmux may be installed: worth another look now and then, not worth a busy loop.
const reopenBackoff = { initial: 1000, maximum: 30_000, factor: 2, jitter: 0.2 };

/** What belongs to one provider. */
interface CitySession {
  readonly own: DisposableStore;
  readonly provider: SessionProvider;
  readonly controller: Controller;
  readonly control: CityControl;
}

/** How long a window that is reloaded may take to end, in milliseconds. */
const reloadPatience = 10_000;

class OpenCityRuntime implements CityRuntime {
  readonly #options: CityRuntimeOptions;
  readonly #own = new DisposableStore();
  readonly #changed = this.#own.add(new Emitter<CityState>());
  /** Provider and controller of the city in force; replaced when the provider changes. */
  #session: CitySession | undefined;
  #city: City | undefined;
  #diagnostics: readonly Diagnostic[] = [];
  /** What was read of the city's files last. */
  readonly #files: FileCache = new Map();
  readonly #sources: SourceWatch;
  #wish: CityWish = "stopped";
  #openProblem: Problem | undefined;
  #stopping = false;
  /** What changes the city or its provider runs one at a time, in order. */
  #queue: Promise<void>;
  #state: CityState;

  constructor(options: CityRuntimeOptions) {
    this.#options = options;
    this.#sources = this.#own.add(new SourceWatch(() => this.reload(), options.log));
    this.#state = {
      phase: "loading",
      name: basename(options.root),
      root: options.root,
      provider: undefined,
      control: { kind: "free" },
      diagnostics: [],
      problem: undefined,
      agents: [],
    };
    this.#queue = this.#open();
  }

  get state(): CityState {
    return this.#state;
  }

  get onDidChange(): Event<CityState> {
    return this.#changed.event;
  }

  async startCity(): Promise<void> {
    if (!this.#session) this.reload();
    const { control } = await this.#ready();
    await this.#inTurn(() => this.#linkFormulas());
    await this.#control(control);
    await this.#setWish("running");
    const { problem } = this.#state;
    if (problem) throw new ProblemError(problem);
  }

  async stopCity(
    signal: AbortSignal = new AbortController().signal,
    report?: (progress: StopProgress) => void,
  ): Promise<void> {
    const session = await this.#ready();
    this.#stopping = true;
    try {
      if (isNeighbour(await session.control.acquire())) return await this.#stopThere(signal);
      await this.#control(session.control, signal);
      await this.#setWish("stopped");
      try {
        await this.#stopAll(session, signal, report);
      } finally {
        await session.control.release(true);
      }
    } finally {
      this.#stopping = false;
      this.#publish();
    }
  }

  /** As gc stop does: whoever controls the city on this machine stops it. */
  async #stopThere(signal: AbortSignal): Promise<void> {
    const { root } = this.#options;
    await askController(root, "stop");
    await untilUncontrolled(root, signal);
    await this.#setWish("stopped");
  }

  async takeOver(signal?: AbortSignal): Promise<void> {
    const { control } = await this.#ready();
    await control.takeOver(signal);
    await this.#setWish("running");
  }

  async startAgent(session: string): Promise<void> {
    const { controller, control } = await this.#ready();
    if (!this.#city) throw new ProblemError(noProvider);
    if (this.#state.problem) throw new ProblemError(this.#state.problem);
    await this.#inTurn(() => this.#linkFormulas());
    if (!isNeighbour(control.state)) {
      await this.#control(control);
      if (this.#wish === "stopped") await this.#setWish("by-hand");
    }
    await startSession(controller, this.#city, session);
  }

  async stopAgent(session: string): Promise<void> {
    const { controller, control } = await this.#ready();
    if (!isNeighbour(control.state)) await this.#control(control);
    await stopSession(controller, session);
  }

  async attach(session: string): Promise<AttachTarget> {
    return (await this.#ready()).provider.attach(this.#sessionNamed(session));
  }

  async peek(session: string, lines: number): Promise<string> {
    return (await this.#ready()).provider.peek(this.#sessionNamed(session), lines);
  }

  async nudge(session: string, text: string): Promise<void> {
    await (await this.#ready()).provider.nudge(this.#sessionNamed(session), text);
  }

  async interrupt(session: string): Promise<void> {
    await (await this.#ready()).provider.interrupt(this.#sessionNamed(session));
  }

  async fetchPacks(report: (clone: PackClone) => void, signal: AbortSignal): Promise<readonly PackClone[]> {
    const { root, env } = this.#options;
    try {
      return await fetchPacks({ root, env, files: diskFiles, cache: this.#files }, report, signal);
    } finally {
      this.reload();
    }
  }

  reload(text?: string): void {
    this.#queue = this.#queue.then(() => this.#load(text));
  }

  dispose(): void {
    void this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#own.dispose();
    await closeSession(this.#session);
  }

  async #open(): Promise<void> {
    if (!this.#options.observe) this.#wish = await readWish(this.#options.root);
    await this.#load(undefined);
  }

  async #load(text: string | undefined): Promise<void> {
    if (this.#own.disposed) return;
    const { root, env, log } = this.#options;
    const unsaved = new Map(text === undefined ? [] : [[join(root, "city.toml"), text]]);
    const files = overlaidFiles(diskFiles, unsaved);
    const source = { root, env, files, cache: this.#files, hasProgram: programOnPath(env) };
    const loaded = reloadCity(source, this.#city);
    this.#sources.follow(loaded.paths);
    this.#diagnostics = loaded.diagnostics;
    const before = this.#city;
    if (loaded.city) {
      this.#city = loaded.city;
      log.info(
        `${before ? "Reloaded" : "Loaded"} city "${loaded.city.name}" with ${loaded.city.sessions.length} sessions`,
      );
      if (this.#wish === "running") await this.#linkFormulas();
      if (this.#session && before && sameProvider(before, loaded.city)) {
        this.#session.controller.update({ city: loaded.city });
      } else {
        await this.#replaceProvider(loaded.city);
      }
    } else if (loaded.diagnostics.length > 0) {
      log.warn(`city.toml has errors${before ? "; the last good city stays in force" : ""}`);
    }
    this.#publish();
  }

  /** Sessions do not move from one provider to another: the old ones are stopped if this runtime keeps them running. */
  async #replaceProvider(city: City): Promise<void> {
    const old = this.#session;
    if (old?.control.mayAct()) {
      await stopCity({ ...old, city }, AbortSignal.timeout(60_000)).catch((error: unknown) => {
        this.#options.log.error(`Stopping the sessions of the former provider: ${problemOf(error).reason}`);
      });
    }
    this.#session = undefined;
    await closeSession(old);
    await this.#openProvider(city, 1);
  }

  async #openProvider(city: City, attempt: number): Promise<void> {
    this.#openProblem = missingSetting(city);
    if (this.#openProblem) return;
    try {
      const provider = await openSessionProvider(city.provider, this.#options.log, this.#options.meter);
      if (this.#own.disposed) return provider.dispose();
      const own = new DisposableStore();
      own.add(provider);
      const { root, log, env, meter } = this.#options;
      const store = own.add(new FileBeadStore(await beadsFile(root), log));
      const events = own.add(openJsonlEventLog({ root, log }));
      const started = this.#wish === "running";
      const asked = {
        perform: (verb: "stop" | "poke" | "reload") => this.#perform(verb),
        stopped: () => void this.#setWish("stopped"),
      };
      const control = await openCityControl(city, { ...this.#options, ...asked }, own);
      const mayAct = (): boolean => control.mayAct();
      const isIdle = (): boolean => this.#wish === "stopped";
      const tools = { provider, store, events, log, env, mayAct, isIdle, ...(meter && { meter }) };
      const controller = own.add(new Controller({ ...tools, city, started }));
      own.add(controller.onDidChange(() => this.#publish()));
      own.add(control.onDidChange(() => controller.wake()));
      own.add(control.onDidChange(() => this.#publish()));
      this.#session = { own, provider, controller, control };
      if (this.#wish === "stopped") void control.look();
      else this.#resume(control, own);
    } catch (error) {
      this.#openProblem = problemOf(error);
      this.#options.log.error(`${this.#openProblem.reason}. ${this.#openProblem.action}`);
      const timer = setTimeout(
        () => {
          this.#queue = this.#queue.then(async () => {
            if (this.#city !== city || this.#session || this.#own.disposed) return;
            await this.#openProvider(city, attempt + 1);
            this.#publish();
          });
        },
        backoffDelay(attempt, reopenBackoff),
      );
      this.#own.add(toDisposable(() => clearTimeout(timer)));
    }
  }

  /** Everything loaded and a provider at hand, or the reason why not. */
  async #ready(): Promise<CitySession> {
    await this.#queue;
    if (!this.#session) throw new ProblemError(this.#openProblem ?? noProvider);
    return this.#session;
  }

  /**
   * Takes control again. The window that this one comes after may still be on its way out: then once it has gone, unless
   * it has stopped the city.
   */
  #resume(control: CityControl, own: DisposableStore): void {
    const until = Date.now() + reloadPatience;
    void control.acquire();
    own.add(
      control.onDidChange(({ kind }) => {
        if (kind !== "free" || Date.now() > until) return;
        void readWish(this.#options.root).then((wish) => (wish === "stopped" ? undefined : control.acquire()));
      }),
    );
  }

  /** Takes control. Fails when somebody else has it. */
  async #control(control: CityControl, signal?: AbortSignal): Promise<void> {
    let state = await control.acquire();
    if (hasDiedHere(state)) state = await untilReplaced(control, signal);
    if (state.kind === "lost") throw new ProblemError(state.problem);
    if (state.kind !== "elsewhere") return;
    // Whoever wants it has to say so: nobody shall find himself in control some time later.
    if (this.#wish === "stopped") await control.release();
    throw controlledElsewhere(state);
  }

  /** Does what gc's commands ask of a controller (gascity-spec §3.2). */
  #perform(verb: "stop" | "poke" | "reload"): void {
    if (verb === "reload") this.reload();
    if (verb !== "stop") return this.#session?.controller.poke();
    this.stopCity().catch((error: unknown) => this.#options.log.error(`Stopping the city: ${problemOf(error).reason}`));
  }

  async #stopAll(
    { controller, provider }: CitySession,
    signal: AbortSignal,
    report?: (progress: StopProgress) => void,
  ): Promise<void> {
    if (this.#city) await stopCity({ controller, provider, city: this.#city }, signal, report);
  }

  /** A person may say what the agent is called. */
  #sessionNamed(name: string): string {
    return recordFor(this.#session?.controller.ledger.records ?? [], name)?.session ?? name;
  }

  /** Only for a city that somebody starts: to look at one writes nothing into its folders. */
  #linkFormulas(): Promise<void> {
    return linkFormulas(this.#city?.formulas ?? [], this.#options.log);
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(work);
    await this.#queue;
  }

  async #setWish(wish: CityWish): Promise<void> {
    this.#wish = wish;
    this.#session?.controller.update({ started: wish === "running" });
    this.#publish();
    await writeWish(this.#options.root, wish);
  }

  #publish(): void {
    if (this.#own.disposed) return;
    const before = this.#state;
    const city = this.#city;
    const controller = this.#session?.controller;
    const observed = controller?.observed ?? { synced: false, sessions: new Map(), problem: undefined };
    const next: CityState = {
      ...before,
      phase: this.#phase(observed.synced && (controller?.ledger.synced ?? false)),
      name: city?.name ?? before.name,
      provider: city?.provider.kind,
      control: this.#session?.control.state ?? before.control,
      diagnostics: this.#diagnostics,
      problem: this.#openProblem ?? observed.problem ?? controller?.problem,
      agents: city
        ? agentStates(
            {
              city,
              observed,
              records: controller?.ledger.records ?? [],
              wanted: controller?.wanted ?? new Map(),
              drains: controller?.drains ?? new Map(),
              workOn: (session) => controller?.workOn(session),
              failureOf: (session) => controller?.failureOf(session),
              lastWordsOf: (alias) => controller?.lastWordsOf(alias) ?? "",
            },
            before.agents,
          )
        : [],
    };
    if (sameState(before, next)) return;
    this.#state = next;
    this.#changed.fire(next);
  }

  #phase(synced: boolean): CityPhase {
    if (!this.#city) return this.#diagnostics.length > 0 ? "invalid" : "loading";
    if (this.#stopping) return "stopping";
    const { observed, problem } = this.#session?.controller ?? {};
    if (!synced && !this.#openProblem && !observed?.problem && !problem) return "loading";
    const elsewhere = this.#session?.control.state.kind === "elsewhere";
    return this.#wish === "running" || elsewhere ? "running" : "stopped";
  }
}

/** Acts no more, hands control back, then closes what that needed. */
async function closeSession(session: CitySession | undefined): Promise<void> {
  await session?.controller.close();
  await session?.control[Symbol.asyncDispose]();
  session?.own.dispose();
}

/** Whether another controller of this machine has the city: it reads the same records. */
function isNeighbour(state: ControlState): boolean {
  return state.kind === "elsewhere" && state.where === "this machine";
}

function controlledElsewhere({ by }: OtherController): ProblemError {
  return new ProblemError({
    code: "controlled-elsewhere",
    reason: `The city is controlled by ${by}`,
    action: "Take the city over to control it from here; its agents go on",
  });
}

function missingSetting(city: City): Problem | undefined {
  return city.provider.kind === "k8s" && city.provider.settings.image === "" ? noImage : undefined;
}

function sameState(a: CityState, b: CityState): boolean {
  return (
    a.phase === b.phase &&
    a.name === b.name &&
    a.provider === b.provider &&
    a.control === b.control &&
    a.diagnostics === b.diagnostics &&
    a.agents === b.agents &&
    JSON.stringify(a.problem) === JSON.stringify(b.problem)
  );
}
