import { argv, execPath } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { ApiException, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { guard } from "./guardian.ts";

/** A namespace on a cluster. Disposing it deletes it with all that is in it, and waits until it is gone; so does the end of this process. */
export interface KubernetesNamespace extends AsyncDisposable {
  readonly name: string;
  /** The cluster's API, with the rights of the kubeconfig. */
  readonly api: CoreV1Api;
}

const goneMilliseconds = 90_000;

/** Makes a namespace whose name is `prefix` and some letters of the cluster's choice. */
export async function makeNamespace(kubeconfig: string, prefix: string): Promise<KubernetesNamespace> {
  const api = connect(kubeconfig);
  const { metadata } = await api.createNamespace({ body: { metadata: { generateName: prefix } } });
  const name = metadata?.name;
  if (name === undefined) throw new Error("The cluster made a namespace without a name");
  const guardian = guard('exec "$@"', [execPath, import.meta.filename, kubeconfig, name]);
  return {
    name,
    api,
    async [Symbol.asyncDispose]() {
      await deleteNamespace(api, name);
      guardian[Symbol.dispose]();
    },
  };
}

function connect(kubeconfig: string): CoreV1Api {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return config.makeApiClient(CoreV1Api);
}

async function deleteNamespace(api: CoreV1Api, name: string): Promise<void> {
  // An agent that does not listen to SIGTERM would hold the namespace for its whole grace period.
  await api.deleteCollectionNamespacedPod({ namespace: name, gracePeriodSeconds: 0 });
  await api.deleteNamespace({ name });
  const deadline = Date.now() + goneMilliseconds;
  while (await exists(api, name)) {
    if (Date.now() > deadline) throw new Error(`The namespace ${name} was not gone after ${goneMilliseconds / 1000} s`);
    await delay(200);
  }
}

async function exists(api: CoreV1Api, name: string): Promise<boolean> {
  try {
    await api.readNamespace({ name });
    return true;
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return false;
    throw error;
  }
}

// What the guardian runs.
if (import.meta.main) {
  const [, , kubeconfig = "", name = ""] = argv;
  await deleteNamespace(connect(kubeconfig), name);
}
