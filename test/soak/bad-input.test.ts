import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { env } from "node:process";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type TestNamespace, createNamespace } from "../cluster/namespace.ts";
import { ControllerProcess } from "./controller-process.ts";
import { SoakCity } from "./soak-city.ts";
import { doubledPods } from "./soak-faults.ts";

const patience = { timeout: 60_000, interval: 100 };
const sizes = { coder: 1, reviewer: 1 };

let namespace: TestNamespace;
let city: SoakCity;
let controller: ControllerProcess;
beforeEach(async () => {
  namespace = await createNamespace();
  city = await SoakCity.make(namespace, sizes);
  controller = new ControllerProcess(city.root, { KUBECONFIG: env["GASCITY_TEST_KUBECONFIG"] ?? "" });
  await well();
});
afterEach(async () => {
  await controller.kill();
  await city[Symbol.asyncDispose]();
  await namespace[Symbol.asyncDispose]();
});

/** All is as it shall be, and no session has ever had two pods on the way there. */
async function well(): Promise<void> {
  const doubled = new Set<string>();
  await vi.waitFor(async () => {
    const pods = await city.pods();
    for (const words of doubledPods(pods)) doubled.add(words);
    expect(await city.faults(pods)).toEqual([]);
    expect(controller.news).toMatchObject({ control: "controlling", problem: "" });
  }, patience);
  expect([...doubled]).toEqual([]);
}

/** Which pods there are; another one of the same name counts as another. */
const uids = async (): Promise<ReadonlySet<string>> =>
  new Set((await city.pods()).map(({ metadata }) => metadata?.uid ?? ""));

it("goes on with the last good city while city.toml is broken", async () => {
  const before = await uids();
  await writeFile(join(city.root, "city.toml"), "[workspace");
  const victim = (await city.pods())[0]?.metadata?.name ?? "";
  await namespace.core.deleteNamespacedPod({ namespace: namespace.name, name: victim, gracePeriodSeconds: 0 });
  await vi.waitFor(async () => expect(await uids()).not.toEqual(before), patience);
  await well();
  await city.resize({ coder: 2, reviewer: 1 });
  await well();
});

it("starts and ends nothing while the beads cannot be read, says why, and goes on", async () => {
  const path = join(city.root, ".gc", "beads.json");
  const good = await readFile(path, "utf8");
  const before = await uids();
  await writeFile(path, good.slice(0, -20));
  await vi.waitFor(() => {
    expect(controller.news.problem).not.toBe("");
    expect(controller.news.action).not.toBe("");
  }, patience);
  expect(await uids()).toEqual(before);
  await writeFile(path, good);
  await well();
  expect(await uids()).toEqual(before);
});

it("says that the quota is exceeded, and starts the session when it no longer is", async () => {
  const quota = { metadata: { name: "few" }, spec: { hard: { pods: "3" } } };
  await namespace.core.createNamespacedResourceQuota({ namespace: namespace.name, body: quota });
  await vi.waitFor(async () => {
    const { status } = await namespace.core.readNamespacedResourceQuota({ namespace: namespace.name, name: "few" });
    expect(status?.used).toEqual({ pods: "3" });
  }, patience);
  await city.resize({ coder: 2, reviewer: 1 });
  await vi.waitFor(() => expect(controller.news.agents.join("\n")).toMatch(/quota/iu), patience);
  await namespace.core.deleteNamespacedResourceQuota({ namespace: namespace.name, name: "few" });
  await well();
});

it("brings its sessions back when a namespace has lost all its pods", async () => {
  const before = await uids();
  await namespace.core.deleteCollectionNamespacedPod({ namespace: namespace.name, gracePeriodSeconds: 0 });
  await vi.waitFor(async () => expect(await uids()).not.toEqual(before), patience);
  await well();
});
