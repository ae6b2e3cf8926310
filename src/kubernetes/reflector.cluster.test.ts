import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type TestNamespace, createNamespace } from "../../test/cluster/namespace.ts";
import { openConnection } from "./connection.ts";
import { type KubernetesObject, Reflector } from "./reflector.ts";

const patience = { timeout: 20_000, interval: 20 };
let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
});
afterAll(async () => namespace[Symbol.asyncDispose]());

interface ConfigMap extends KubernetesObject {
  readonly metadata?: NonNullable<KubernetesObject["metadata"]> & { readonly name?: string };
  readonly data?: { readonly text?: string };
}

it("shows what is there, then each change and each end, of what has the label only", async () => {
  const { core, name } = namespace;
  const labels = { kind: "wanted" };
  const create = (objectName: string, text: string, marked = true) =>
    core.createNamespacedConfigMap({
      namespace: name,
      body: { metadata: { name: objectName, ...(marked ? { labels } : {}) }, data: { text } },
    });
  await Promise.all([create("before", "1"), create("other", "1", false)]);
  const connection = openConnection();
  const items = new Map<string, string>();
  const problems: unknown[] = [];
  let synced = false;
  const reflector = new Reflector(
    {
      connection,
      collection: ["api", "v1", "namespaces", name, "configmaps"],
      labelSelector: "kind=wanted",
      project: ({ metadata, data }: ConfigMap) => `${metadata?.name}=${data?.text}`,
    },
    {
      put: (uid, item) => items.set(uid, item),
      remove: (uid) => items.delete(uid),
      synced: () => (synced = true),
      problem: (problem) => problems.push(problem),
    },
  );
  const seen = (...expected: string[]) =>
    vi.waitFor(() => expect(Array.from(items.values()).toSorted()).toEqual(expected), patience);
  try {
    await vi.waitFor(() => expect(synced).toBe(true), patience);
    await seen("before=1");
    await create("later", "ä".repeat(500_000));
    await seen("before=1", `later=${"ä".repeat(500_000)}`);
    await core.replaceNamespacedConfigMap({
      namespace: name,
      name: "before",
      body: { metadata: { name: "before", labels }, data: { text: "2" } },
    });
    await core.deleteNamespacedConfigMap({ namespace: name, name: "later" });
    await seen("before=2");
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  } finally {
    reflector.dispose();
    connection.dispose();
  }
});
