import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { FakeClock } from "../machine/fake-clock.ts";
import { WatchedCity } from "./watched-city.ts";

const patience = { timeout: 60_000, interval: 50 };
const sizes = { coder: 1, reviewer: 1 };

/** Of a city that is well again; `kept` are the pods that no fault has touched. */
async function unharmed(city: WatchedCity, kept: ReadonlySet<string>): Promise<void> {
  await city.well();
  const now = await city.uids();
  expect([...kept].filter((uid) => !now.has(uid))).toEqual([]);
}

/** Waits until the controller says that it has lost the city, and this among the reason and the next action. */
function untilLost(city: WatchedCity, reason: string, action: string): Promise<void> {
  return vi.waitFor(async () => {
    const { control } = await city.state();
    expect(control).toMatchObject({
      kind: "lost",
      problem: {
        reason: expect.stringContaining(reason) as string,
        action: expect.stringContaining(action) as string,
      },
    });
  }, patience);
}

describe.concurrent("a controller on the cluster", { timeout: 240_000 }, () => {
  it("says twice that the cluster is away, itself and its control, ends nothing, and is back by itself", async () => {
    await using city = await WatchedCity.make(sizes);
    const [victim, ...others] = await city.city.pods();
    const phases = async () => (await city.state()).agents.map(({ agent, phase }) => `${agent} ${phase}`);
    const before = await phases();
    city.way.cut();
    const name = victim?.metadata?.name ?? "";
    await city.namespace.core.deleteNamespacedPod({ namespace: city.namespace.name, name, gracePeriodSeconds: 0 });
    await vi.waitFor(async () => expect((await city.state()).control.kind).toBe("lost"), patience);
    const { control, problem } = await city.state();
    expect(problem).toMatchObject({
      code: "cluster-unreachable",
      reason: expect.stringContaining("does not answer") as string,
      action: expect.stringContaining("the city goes on by itself when it is back") as string,
    });
    expect(control).toMatchObject({
      problem: { action: expect.stringContaining("by itself as soon as the cluster answers") as string },
    });
    // Not to see an agent is not its death.
    expect(await phases()).toEqual(before);
    await delay(15_000);
    expect(city.complaints).toEqual([
      expect.stringContaining("does not answer") as string,
      expect.stringContaining("was not told that this process controls the city") as string,
    ]);
    city.way.heal();
    await unharmed(city, new Set(others.map(({ metadata }) => metadata?.uid ?? "")));
    expect(city.complaints).toHaveLength(2);
  });

  it("says that its namespace is gone and how to make one, and brings its sessions back in it", async () => {
    await using city = await WatchedCity.make(sizes);
    const { name, core } = city.namespace;
    await core.deleteNamespace({ name, gracePeriodSeconds: 0 });
    await untilLost(city, "no such namespace", "kubectl create namespace");
    await core.createNamespace({ body: { metadata: { name } } });
    await unharmed(city, new Set());
    // Of each session and of the lease, that the namespace ends and that it has ended.
    expect(city.complaints.length).toBeLessThanOrEqual(6);
    expect(new Set(city.complaints).size).toBe(city.complaints.length);
  });

  it("says which pods the namespace does not take, and starts them when it does", async () => {
    await using city = await WatchedCity.make(sizes, { pods: 'pod_security = "baseline"\n' });
    const before = await city.uids();
    await city.enforce("restricted");
    await city.city.resize({ ...sizes, reviewer: 2 });
    await vi.waitFor(async () => {
      expect(await city.row("reviewer-2")).toMatchObject({
        reason: expect.stringContaining("violates PodSecurity") as string,
        action: expect.stringContaining("pod_security") as string,
      });
    }, patience);
    await city.enforce("privileged");
    await unharmed(city, before);
    expect(city.complaints).toEqual([expect.stringMatching(/reviewer-2 did not start: The namespace does not take/u)]);
  });

  it("says that the quota is exceeded, and starts the session when it no longer is", async () => {
    await using city = await WatchedCity.make(sizes);
    const before = await city.uids();
    const { name: namespace, core } = city.namespace;
    const quota = { namespace, name: "few" };
    // As many as there are.
    const pods = String(before.size);
    const body = { metadata: { name: quota.name }, spec: { hard: { pods } } };
    await core.createNamespacedResourceQuota({ namespace, body });
    const used = async () => (await core.readNamespacedResourceQuota(quota)).status?.used;
    await vi.waitFor(async () => expect(await used()).toEqual({ pods }), patience);
    await city.city.resize({ ...sizes, reviewer: 2 });
    await vi.waitFor(async () => {
      expect(await city.row("reviewer-2")).toMatchObject({
        reason: expect.stringContaining("exceeded quota") as string,
        action: expect.stringContaining("have the quota raised") as string,
      });
    }, patience);
    await core.deleteNamespacedResourceQuota(quota);
    await unharmed(city, before);
    expect(city.complaints).toEqual([expect.stringMatching(/reviewer-2 did not start: The namespace's quota/u)]);
  });

  it("brings its sessions back when its namespace has lost all its pods", async () => {
    await using city = await WatchedCity.make(sizes);
    const before = await city.uids();
    await city.namespace.core.deleteCollectionNamespacedPod({ namespace: city.namespace.name, gracePeriodSeconds: 0 });
    await vi.waitFor(async () => expect(await city.uids()).not.toEqual(before), patience);
    await unharmed(city, new Set());
  });

  it("tries again at its leisure while others write at the same moment, says so, and loses no pod", async () => {
    await using city = await WatchedCity.make(sizes);
    const before = await city.uids();
    const refused = new Map<string, number>();
    city.way.refuse = (method, path) => {
      if (method !== "POST" && method !== "PUT") return undefined;
      const what = `${method} ${path.split("/").at(-1)}`;
      refused.set(what, (refused.get(what) ?? 0) + 1);
      const message = "Operation cannot be fulfilled: the object has been modified; please apply your changes";
      return { code: 409, reason: "Conflict", message };
    };
    await city.city.resize({ ...sizes, reviewer: 2 });
    await untilLost(city, "writes the lease", "kubectl get lease");
    city.way.refuse = () => undefined;
    await unharmed(city, before);
    // In more than ten seconds.
    expect(refused.get("PUT gascity-soak")).toBeLessThan(40);
    expect(refused.get("POST pods")).toBeLessThan(60);
    expect(city.complaints.length).toBeLessThanOrEqual(3);
  });

  it("finds all as it was after eight hours of sleep, its connections and its lease gone", async () => {
    using clock = await FakeClock.make();
    await using city = await WatchedCity.make(sizes, { more: clock.env });
    const before = await city.uids();
    city.controller.kill("SIGSTOP");
    city.way.cut();
    // Longer than any lease; what else counts hours sees them on the wall clock.
    await delay(16_000);
    clock.set(8);
    city.way.heal();
    city.controller.kill("SIGCONT");
    await city.controller.said(/error For 10 s the cluster was not told .* controls the city again by itself/u);
    await unharmed(city, before);
    await city.controller.said(/info The clock has jumped by 28[78]\d\d s: it was set, or the machine slept$/u);
    expect(city.complaints.length).toBeLessThanOrEqual(2);
  });
});
