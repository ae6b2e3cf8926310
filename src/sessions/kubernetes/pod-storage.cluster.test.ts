import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ExampleOnCluster } from "../../../test/cluster/example-on-cluster.ts";
import { type TestNamespace, createNamespace } from "../../../test/cluster/namespace.ts";

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
});
afterAll(() => namespace[Symbol.asyncDispose]());

const claims = async (): Promise<readonly (string | undefined)[]> => {
  const { items } = await namespace.core.listNamespacedPersistentVolumeClaim({ namespace: namespace.name });
  return items.map(({ metadata }) => metadata?.name);
};

/** Opens a claim's volume to everybody: not every kind of volume heeds the group that a pod asks for. */
async function openToAll(claim: string): Promise<void> {
  const spec = {
    restartPolicy: "Never",
    securityContext: { runAsUser: 0 },
    containers: [
      {
        name: "chmod",
        image: namespace.image,
        command: ["chmod", "777", "/volume"],
        volumeMounts: [{ name: "volume", mountPath: "/volume" }],
      },
    ],
    volumes: [{ name: "volume", persistentVolumeClaim: { claimName: claim } }],
  };
  const where = { namespace: namespace.name };
  await namespace.core.createNamespacedPod({ ...where, body: { metadata: { name: "opener" }, spec } });
  await vi.waitFor(
    async () => {
      const { status } = await namespace.core.readNamespacedPod({ ...where, name: "opener" });
      expect(status?.phase).toBe("Succeeded");
    },
    { timeout: 40_000, interval: 200 },
  );
}

it("keeps what the example's scribe wrote when its pod goes, and does not write over it", async () => {
  using city = new ExampleOnCluster(namespace, "work-that-survives");
  const enough = new AbortController();
  const first = city.start("scribe", {}, enough.signal).catch(() => undefined);
  await vi.waitFor(async () => expect(await claims()).toEqual(["scribe-work"]), 10_000);
  enough.abort();
  await first;
  await openToAll("scribe-work");

  await city.start("scribe");
  await city.nudge("scribe", "the first one");
  await vi.waitFor(async () => expect(await city.screen("scribe")).toContain("Written: the first one"), 10_000);
  await city.inPod("scribe", "cd /workspace; echo changed >city.toml; sync");
  await city.stop("scribe");

  writeFileSync(join(city.files.root, "city.toml"), "new");
  await city.start("scribe");
  await vi.waitFor(async () => expect(await city.screen("scribe")).toContain("There are 1 notes"), 10_000);
  expect(await city.inPod("scribe", "cd /workspace; cat notes.txt city.toml")).toBe("the first one\nchanged");
  await city.stop("scribe");
  expect(await claims()).toEqual(["scribe-work"]);
});
