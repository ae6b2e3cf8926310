import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { env } from "node:process";
import { expect, vi } from "vitest";
import { askController } from "../../src/controller/control/ask-controller.ts";
import type { AgentState, CityState } from "../../src/runtime/city-state.ts";
import { type TestNamespace, createNamespace } from "../cluster/namespace.ts";
import { ControllerProcess } from "../controller-process.ts";
import { ApiProxy } from "./api-proxy.ts";
import { type PoolSizes, SoakCity } from "./soak-city.ts";
import { doubledPods } from "./soak-faults.ts";

const patience = { timeout: 90_000, interval: 100 };

/**
 * A city on the cluster that `gascity controller run` controls, over a way of its own to the API server. All its pods are
 * looked at all the time: none of its sessions may ever have two.
 */
export class WatchedCity implements AsyncDisposable {
  readonly namespace: TestNamespace;
  readonly city: SoakCity;
  readonly way: ApiProxy;
  readonly controller: ControllerProcess;
  readonly #own: AsyncDisposableStack;
  readonly #doubled = new Set<string>();

  private constructor(
    parts: Pick<WatchedCity, "namespace" | "city" | "way" | "controller">,
    own: AsyncDisposableStack,
  ) {
    this.namespace = parts.namespace;
    this.city = parts.city;
    this.way = parts.way;
    this.controller = parts.controller;
    this.#own = own;
  }

  /** Resolves once the city is well. `more` goes over the controller's environment, `pods` is the text of its kubernetes.toml. */
  static async make(
    sizes: PoolSizes,
    { more = {}, pods }: { readonly more?: Readonly<Record<string, string>>; readonly pods?: string } = {},
  ): Promise<WatchedCity> {
    const own = new AsyncDisposableStack();
    const namespace = own.use(await createNamespace());
    const city = own.use(await SoakCity.make(namespace, sizes));
    if (pods !== undefined) await writeFile(join(city.root, "kubernetes.toml"), pods);
    const way = own.use(await ApiProxy.start(namespace.kubeconfig));
    const kubeconfig = join(city.root, ".gc", "kubeconfig");
    await writeFile(kubeconfig, way.kubeconfig);
    const controller = own.use(new ControllerProcess(city.root, { ...env, KUBECONFIG: kubeconfig, ...more }));
    const watched = new WatchedCity({ namespace, city, way, controller }, own);
    await watched.well();
    return watched;
  }

  /** What the controller's log asks somebody to read. */
  get complaints(): readonly string[] {
    return this.controller.log.filter((line) => / (?:warn|error) /u.test(line));
  }

  /** Has the namespace take only pods of a Pod Security Standard from now on. */
  async enforce(standard: "privileged" | "restricted"): Promise<void> {
    const { name, core } = this.namespace;
    const path = "/metadata/labels/pod-security.kubernetes.io~1enforce";
    await core.patchNamespace({ name, body: [{ op: "add", path, value: standard }] });
  }

  /** As the controller tells it. */
  async state(): Promise<CityState> {
    return JSON.parse((await askController(this.city.root, "state")) ?? "{}") as CityState;
  }

  /** The row of an agent. */
  async row(agent: string): Promise<AgentState | undefined> {
    return (await this.state()).agents.find((row) => row.agent === agent);
  }

  /** Waits until all is as it shall be. Fails when it is not in time, or when a session ever had two pods. */
  async well(): Promise<void> {
    await vi.waitFor(async () => {
      const pods = await this.city.pods();
      for (const words of doubledPods(pods)) this.#doubled.add(words);
      expect(await this.city.faults(pods)).toEqual([]);
      const { control, problem } = await this.state();
      expect([control?.kind, problem]).toEqual(["controlling", undefined]);
    }, patience);
    expect([...this.#doubled]).toEqual([]);
  }

  /** Which pods there are; another one of the same name counts as another. */
  async uids(): Promise<ReadonlySet<string>> {
    return new Set((await this.city.pods()).map(({ metadata }) => metadata?.uid ?? ""));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#own.disposeAsync();
  }
}
