import { basename, join } from "node:path";
import type { City } from "../city/city.ts";
import type { FileCache } from "../city/compose/check-file.ts";
import type { PackClone } from "../city/compose/pack-clone.ts";
import type { Diagnostic } from "../city/diagnostic.ts";
import { diskFiles } from "../city/files/disk-files.ts";
import { overlaidFiles } from "../city/files/overlaid-files.ts";
import { reloadCity } from "../city/reload-city.ts";
import { askController } from "../controller/control/ask-controller.ts";
import { drainsOf } from "../controller/reconcile/drain-changes.ts";
import type { CityControl } from "../controller/control/city-control.ts";
import { untilUncontrolled } from "../controller/control/controller-lock.ts";
import { type StopProgress, stopCity } from "../controller/stop-city.ts";
import { recordFor, startSession, stopSession } from "../controller/ask-for-session.ts";
import { backoffDelay } from "../lib/backoff.ts";
import { DisposableStore, toDisposable } from "../lib/disposable.ts";
import { Emitter, type Event } from "../lib/emitter.ts";
import { type Problem, ProblemError, problemOf } from "../lib/problem.ts";
import { watchFile } from "../lib/watch-file.ts";
import type { AttachTarget } from "../sessions/session-provider.ts";
import { type AgentSources, agentStates } from "./agent-states.ts";
import { type CityEngine, isNeighbour, openCityEngine, takeControl } from "./city-engine.ts";
import type { CityRuntimeOptions } from "./city-runtime-options.ts";
import type { CityRuntime } from "./city-runtime.ts";
import type { CityPhase, CityState } from "./city-state.ts";
import { type CityWish, readWish, wishPath, writeWish } from "./city-wish.ts";
import { linkFormulas } from "./link-formulas.ts";
import { sameProvider } from "./providers.ts";
import { knownByName, watchedSources } from "./watched-city.ts";
import { SourceWatch } from "./source-watch.ts";
import { fetchPacks } from "./fetch-packs.ts";
import { programOnPath } from "./program-on-path.ts";

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

class OpenCityRuntime implements CityRuntime {
  readonly #options: CityRuntimeOptions;
  readonly #own = new DisposableStore();
  readonly #changed = this.#own.add(new Emitter<CityState>());
  /** Of the city in force; replaced when the provider changes. */
  #engine: CityEngine | undefined;
  #city: City | undefined;
  #diagnostics: readonly Diagnostic[] = [];
  /** What was read of the city's files last. */
  readonly #files: FileCache = new Map();
  readonly #sources: SourceWatch;
  #wish: CityWish = "stopped";
  /** What the city's folder said last. */
  #written: CityWish = "stopped";
  /** The wish is read and written one at a time, in order. */
  #wishes: Promise<void> = Promise.resolve();
  #openProblem: Problem | undefined;
  #stopping = false;
  /** What changes the city or its provider runs one at a time, in order. */
  #queue: Promise<void>;
  #state: CityState;

  constructor(options: CityRuntimeOptions) {
    this.#options = options;
    this.#own.add(watchFile(wishPath(options.root), () => this.#learnWish()));
    this.#sources = this.#own.add(new SourceWatch(() => this.reload(), options.log));
    this.#state = {
      phase: "loading",
      name: basename(options.root),
      root: options.root,
      provider: undefined,
      control: { kind: "free" },
      diagnostics: [],
      problem: undefined,
      looked: false,
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
    if (!this.#engine) this.reload();
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
    const engine = await this.#ready();
    this.#stopping = true;
    try {
      if (isNeighbour(await engine.control.acquire())) return await this.#stopThere(signal);
      await this.#control(engine.control, signal);
      await this.#setWish("stopped");
      try {
        await this.#stopAll(engine, signal, report);
      } finally {
        await engine.control.release(true);
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
    await this.#engine?.close();
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
    const readAt = Date.now();
    const loaded = reloadCity(source, this.#city);
    this.#sources.follow(loaded.paths, readAt);
    // The same once more is no news.
    const isNews = JSON.stringify(loaded.diagnostics) !== JSON.stringify(this.#diagnostics);
    if (isNews) this.#diagnostics = loaded.diagnostics;
    const before = this.#city;
    if (loaded.city) {
      this.#city = loaded.city;
      log.info(
        `${before ? "Reloaded" : "Loaded"} city "${loaded.city.name}" with ${loaded.city.sessions.length} sessions`,
      );
      if (this.#wish === "running") await this.#linkFormulas();
      if (this.#engine && before && sameProvider(before, loaded.city)) {
        this.#engine.controller.update({ city: loaded.city });
      } else {
        await this.#replaceProvider(loaded.city);
      }
    } else if (isNews) {
      log.warn(`city.toml has errors${before ? "; the last good city stays in force" : ""}`);
    }
    this.#publish();
  }

  /** Sessions do not move from one provider to another: the old ones are stopped if this runtime keeps them running. */
  async #replaceProvider(city: City): Promise<void> {
    const old = this.#engine;
    if (old?.control.mayAct()) {
      await stopCity({ ...old, city }, AbortSignal.timeout(60_000)).catch((error: unknown) => {
        this.#options.log.error(`Stopping the sessions of the former provider: ${problemOf(error).reason}`);
      });
    }
    this.#engine = undefined;
    await old?.close();
    await this.#openProvider(city, 1);
  }

  async #openProvider(city: City, attempt: number): Promise<void> {
    this.#openProblem = missingSetting(city);
    if (this.#openProblem) return;
    try {
      const engine = await openCityEngine(city, this.#options, {
        wish: () => this.#wish,
        changed: () => this.#publish(),
        controlChanged: ({ kind }) => (kind === "free" ? this.#learnWish() : this.#publish()),
        perform: (verb) => this.#perform(verb),
        describe: () => JSON.stringify(this.#state),
        stopped: () => void this.#setWish("stopped"),
      });
      if (this.#own.disposed) return await engine.close();
      this.#engine = engine;
    } catch (error) {
      this.#openProblem = problemOf(error);
      const timer = setTimeout(
        () => {
          this.#queue = this.#queue.then(async () => {
            if (this.#city !== city || this.#engine || this.#own.disposed) return;
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
  async #ready(): Promise<CityEngine> {
    await this.#queue;
    if (!this.#engine) throw new ProblemError(this.#openProblem ?? noProvider);
    return this.#engine;
  }

  /** Takes control. Fails when somebody else has it. */
  async #control(control: CityControl, signal?: AbortSignal): Promise<void> {
    await takeControl(control, this.#wish !== "stopped", signal);
  }

  /** Does what gc's commands ask of a controller (gascity-spec §3.2). */
  #perform(verb: "stop" | "poke" | "reload"): void {
    if (verb === "reload") this.reload();
    if (verb !== "stop") return this.#engine?.controller.poke();
    this.stopCity().catch((error: unknown) => this.#options.log.error(`Stopping the city: ${problemOf(error).reason}`));
  }

  async #stopAll(
    { controller, provider }: CityEngine,
    signal: AbortSignal,
    report?: (progress: StopProgress) => void,
  ): Promise<void> {
    if (this.#city) await stopCity({ controller, provider, city: this.#city }, signal, report);
  }

  /** A person may say what the agent is called. */
  #sessionNamed(name: string): string {
    return recordFor(this.#engine?.controller.ledger.records ?? [], name)?.session ?? name;
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
    this.#hearWish(wish);
    await this.#inWishTurn(() => writeWish(this.#options.root, wish));
  }

  #hearWish(wish: CityWish): void {
    if (this.#wish === wish) return;
    this.#wish = wish;
    this.#engine?.controller.update({ started: wish === "running" });
    this.#publish();
  }

  /** Whoever controls the city in this window's place, or has done so until now, has written down what was asked of it. */
  #learnWish(): void {
    void this.#inWishTurn(async () => {
      this.#written = await readWish(this.#options.root);
      const kind = this.#engine?.control.state.kind;
      if ((kind === "elsewhere" || kind === "free") && !this.#options.observe) this.#hearWish(this.#written);
      this.#publish();
    });
  }

  #inWishTurn(task: () => Promise<void>): Promise<void> {
    const mine = this.#wishes.then(task);
    this.#wishes = mine.catch(() => undefined);
    return mine;
  }

  #publish(): void {
    if (this.#own.disposed) return;
    const before = this.#state;
    const city = this.#city;
    const controller = this.#engine?.controller;
    const observed = controller?.observed ?? { synced: false, sessions: new Map(), problem: undefined };
    const next: CityState = {
      ...before,
      phase: this.#phase(observed.synced && (controller?.ledger.synced ?? false)),
      name: city?.name ?? before.name,
      provider: city?.provider.kind,
      control: this.#engine?.control.state ?? before.control,
      diagnostics: this.#diagnostics,
      problem: this.#openProblem ?? observed.problem ?? controller?.problem,
      looked: [...observed.sessions.values()].every(({ looked }) => looked),
      agents: city ? agentStates({ city, observed, ...this.#sourcesOf(city, this.#engine) }, before.agents) : [],
    };
    if (sameState(before, next)) return;
    this.#state = next;
    this.#changed.fire(next);
  }

  /** What the rows are made of besides what is seen: the records tell only of a city whose controller writes these. */
  #sourcesOf(city: City, engine: CityEngine | undefined): Omit<AgentSources, "city" | "observed"> {
    const none = {
      records: [],
      wanted: new Map(),
      drains: new Map(),
      workOn: () => undefined,
      checkProblems: new Map(),
    };
    if (!engine) return none;
    const { controller, control } = engine;
    const { ledger, observed, wanted, checkProblems } = controller;
    const { records } = ledger;
    if (isNeighbour(control.state)) return { ...none, ...watchedSources(city, ledger, observed, this.#written) };
    if (control.state.kind === "elsewhere") return { ...none, records: knownByName(records) };
    const workOn: AgentSources["workOn"] = ({ session }) => controller.workOn(session);
    // Of a city that is being stopped nothing comes back, and nothing is waited for longer.
    if (this.#stopping || control.state.kind !== "controlling") return { ...none, records, workOn };
    return { records, wanted, drains: drainsOf(records), workOn, checkProblems };
  }

  #phase(synced: boolean): CityPhase {
    if (!this.#city) return this.#diagnostics.length > 0 ? "invalid" : "loading";
    if (this.#stopping) return "stopping";
    const { observed, problem } = this.#engine?.controller ?? {};
    if (!synced && !this.#openProblem && !observed?.problem && !problem) return "loading";
    const elsewhere = this.#engine?.control.state.kind === "elsewhere";
    return this.#wish === "running" || elsewhere ? "running" : "stopped";
  }
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
    a.looked === b.looked &&
    a.agents === b.agents &&
    JSON.stringify(a.problem) === JSON.stringify(b.problem)
  );
}
