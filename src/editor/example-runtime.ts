import type { PackClone } from "../city/compose/pack-clone.ts";
import { Emitter } from "../lib/emitter.ts";
import type { CityRuntime } from "../runtime/city-runtime.ts";
import type { CityState } from "../runtime/city-state.ts";
import type { AttachTarget } from "../sessions/session-provider.ts";
import { exampleCity } from "./example-city.ts";

/** For tests: a CityRuntime that notes the verbs it gets, as "verb argument …", and becomes what it is told. */
export class ExampleRuntime implements CityRuntime {
  readonly verbs: string[] = [];
  /** What a verb on a session fails with. */
  readonly failures = new Map<string, Error>();
  readonly #changed = new Emitter<CityState>();
  readonly onDidChange = this.#changed.event;
  state: CityState = exampleCity({});

  become(change: Partial<CityState>): void {
    this.state = { ...this.state, ...change };
    this.#changed.fire(this.state);
  }

  startCity = (): Promise<void> => this.#note("startCity");
  takeOver = (): Promise<void> => this.#note("takeOver");
  stopCity: CityRuntime["stopCity"] = () => this.#note("stopCity");
  startAgent = (session: string): Promise<void> => this.#note("startAgent", session);
  stopAgent = (session: string): Promise<void> => this.#note("stopAgent", session);
  nudge = (session: string, text: string): Promise<void> => this.#note("nudge", session, text);
  interrupt = (session: string): Promise<void> => this.#note("interrupt", session);

  async attach(session: string): Promise<AttachTarget> {
    await this.#note("attach", session);
    return { kind: "program", file: "true", args: [] };
  }

  async peek(session: string): Promise<string> {
    await this.#note("peek", session);
    return session;
  }

  async fetchPacks(): Promise<readonly PackClone[]> {
    await this.#note("fetchPacks");
    return [{ repository: "https://example.invalid/crew.git", ref: "", into: "/demo/.gc/cache/packs/crew" }];
  }

  reload(): void {
    this.verbs.push("reload");
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  dispose(): void {
    this.#changed.dispose();
  }

  async #note(verb: string, session = "", ...rest: readonly string[]): Promise<void> {
    this.verbs.push([verb, session, ...rest].join(" ").trim());
    const failure = this.failures.get(session);
    if (failure) throw failure;
  }
}
