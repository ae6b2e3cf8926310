import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { cityText } from "../../test/cluster/city-text.ts";
import { type TestNamespace, createNamespace } from "../../test/cluster/namespace.ts";
import { silentLog } from "../lib/log.ts";
import type { CityRuntime } from "./city-runtime.ts";
import { openCityRuntime } from "./open-city-runtime.ts";

const twoAgents = `[daemon]
# What happens here is told, not found by looking.
patrol_interval = "1h"
[[agent]]
name = "a"
start_command = "cat"
min_active_sessions = 2
max_active_sessions = 4
`;
let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createNamespace();
});
afterAll(async () => namespace[Symbol.asyncDispose]());

let root: string;
let runtime: CityRuntime | undefined;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "gascity-runtime-"));
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
});
afterEach(async () => {
  await runtime?.[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

const patience = { timeout: 40_000, interval: 50 };

async function openCity(image = namespace.image): Promise<CityRuntime> {
  await writeFile(join(root, "city.toml"), cityText("t", { name: namespace.name, image }, twoAgents));
  runtime = openCityRuntime({ root, env: {}, log: silentLog, kind: "headless" });
  return runtime;
}

const phases = ({ state }: CityRuntime): string[] => state.agents.map(({ agent, phase }) => `${agent} ${phase}`);
const podNames = async (): Promise<string[]> =>
  (await namespace.core.listNamespacedPod({ namespace: namespace.name })).items.map(
    ({ metadata }) => metadata?.name ?? "",
  );

/** The test's kubeconfig with another server or user in it. */
async function changedKubeconfig(
  change: (config: { clusters: { cluster: { server: string } }[]; users: { user: object }[] }) => void,
) {
  const config = JSON.parse(await readFile(namespace.kubeconfig, "utf8")) as Parameters<typeof change>[0];
  change(config);
  const path = join(root, "kubeconfig");
  await writeFile(path, JSON.stringify(config));
  vi.stubEnv("KUBECONFIG", path);
}

describe("a city on Kubernetes", () => {
  it("runs its agents, brings a deleted pod back, and leaves no pod when it is stopped", async () => {
    const city = await openCity();
    await city.startCity();
    await vi.waitFor(() => expect(phases(city)).toEqual(["a-1 running", "a-2 running"]), patience);
    const name = city.state.agents[0]?.session ?? "";
    await namespace.core.deleteNamespacedPod({ namespace: namespace.name, name, gracePeriodSeconds: 0 });
    await vi.waitFor(() => expect(phases(city)).not.toContain("a-1 running"), patience);
    await vi.waitFor(() => expect(phases(city)).toEqual(["a-1 running", "a-2 running"]), patience);
    await city.stopCity();
    expect(await podNames()).toEqual([]);
    await vi.waitFor(() => expect(phases(city)).toEqual(["a-1 stopped", "a-2 stopped"]), patience);
  });

  it("shows why a pod does not come up and what to do, and stops all the same", async () => {
    const city = await openCity("127.0.0.1:9/nothing/here:1");
    await city.startCity();
    await vi.waitFor(() => expect(phases(city)).toEqual(["a-1 failed", "a-2 failed"]), patience);
    expect(city.state.agents[0]).toMatchObject({
      reason: expect.stringMatching(/image/iu),
      action: expect.stringMatching(/./u),
    });
    await city.stopCity();
    expect(await podNames()).toEqual([]);
  });
});

describe("a cluster that cannot be used", () => {
  it("is unreachable: says so, and hangs nowhere", async () => {
    await changedKubeconfig(({ clusters }) => {
      for (const { cluster } of clusters) cluster.server = "https://127.0.0.1:9";
    });
    const city = await openCity();
    await vi.waitFor(() => expect(city.state.problem).toMatchObject({ code: "cluster-unreachable" }), patience);
    await expect(city.startCity()).rejects.toMatchObject({ problem: { code: "cluster-unreachable" } });
    await expect(city.stopCity()).rejects.toMatchObject({ problem: { code: "cluster-unreachable" } });
  });

  it("forbids it: names the verb and the resource that are missing", async () => {
    const account = { namespace: namespace.name, name: "default" };
    const { status } = await namespace.core.createNamespacedServiceAccountToken({
      ...account,
      body: { spec: { audiences: [] } },
    });
    await changedKubeconfig(({ users }) => {
      for (const user of users) user.user = { token: status?.token };
    });
    const city = await openCity();
    await vi.waitFor(() => expect(city.state.problem).toMatchObject({ code: "cluster-forbidden" }), patience);
    expect(city.state.problem).toMatchObject({
      reason: `The user system:serviceaccount:${namespace.name}:default may not list pods in the namespace ${namespace.name}`,
      action: expect.stringContaining('{"apiGroups":[""],"resources":["pods"],"verbs":["list"]}'),
    });
  });

  it("does not know the user: asks to log in", async () => {
    await changedKubeconfig(({ users }) => {
      for (const user of users) user.user = { token: "stale" };
    });
    const city = await openCity();
    await vi.waitFor(() => expect(city.state.problem).toMatchObject({ code: "cluster-unauthorized" }), patience);
  });

  it("is not configured: says how to choose one", async () => {
    vi.stubEnv("KUBECONFIG", join(root, "missing"));
    const city = await openCity();
    await vi.waitFor(() => expect(city.state.problem).toMatchObject({ code: "cluster-unconfigured" }), patience);
  });
});
