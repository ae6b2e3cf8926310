import { randomBytes } from "node:crypto";
import { env } from "node:process";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { waitFor } from "./wait-for.ts";

/** A namespace of the test cluster that one test has for itself. Disposing it removes it and waits until it is gone. */
export interface TestNamespace extends AsyncDisposable {
  readonly name: string;
  readonly kubeconfig: string;
  readonly image: string;
  /** The client library's own calls, for what a test does behind the product's back. */
  readonly core: CoreV1Api;
}

/** Makes a namespace on the cluster that the suite runs on; its pods can run at once. */
export async function createNamespace(): Promise<TestNamespace> {
  const kubeconfig = required("GASCITY_TEST_KUBECONFIG");
  const image = required("GASCITY_TEST_IMAGE");
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const name = `test-${randomBytes(5).toString("hex")}`;
  await core.createNamespace({ body: { metadata: { name, labels: { "gascity-test": "true" } } } });
  // Admission refuses pods until the controller manager has made it.
  await waitFor(
    "The namespace's service account",
    async () =>
      (await core.listNamespacedServiceAccount({ namespace: name })).items.some(
        (account) => account.metadata?.name === "default",
      ),
    30_000,
  );
  return {
    name,
    kubeconfig,
    image,
    core,
    async [Symbol.asyncDispose]() {
      const pods = await core.listNamespacedPod({ namespace: name });
      // A namespace waits out its pods' grace, and a test has nothing more to say to them.
      for (const pod of pods.items) {
        await core
          .deleteNamespacedPod({ namespace: name, name: pod.metadata?.name ?? "", gracePeriodSeconds: 0 })
          .catch(() => {});
      }
      await core.deleteNamespace({ name });
      await waitFor(
        `The end of namespace ${name}`,
        async () => !(await core.listNamespace()).items.some((namespace) => namespace.metadata?.name === name),
        60_000,
      );
    },
  };
}

function required(variable: string): string {
  const value = env[variable];
  if (!value) throw new Error(`${variable} is not set: cluster tests run with npm run test:cluster`);
  return value;
}
