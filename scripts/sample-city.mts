import { cp, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ApiException, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { type ClusterAccess, leaseCluster } from "./cluster-lease.mts";

const shipped = resolve(fileURLToPath(import.meta.url), "../../media/sample-city");

/** Copies the shipped sample city into a new folder (absolute path), where it may be edited. */
export async function copySampleCity(folder: string): Promise<void> {
  await cp(shipped, folder, { recursive: true });
}

/**
 * Brings the test cluster up unless it is up, and rewrites the copy of the sample city in `folder` so that its agents
 * live there, in a namespace of their own. Disposing it removes the namespace, and the cluster if it was not up before.
 */
export async function moveSampleCityTo(folder: string): Promise<ClusterAccess & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const { kubeconfig, image } = stack.use(await leaseCluster());
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const { metadata } = await api.createNamespace({ body: { metadata: { generateName: "gascity-sample-" } } });
  const namespace = metadata?.name ?? "";
  stack.defer(() => deleteNamespace(api, namespace));
  const file = join(folder, "city.toml");
  await writeFile(file, onKubernetes(await readFile(file, "utf8"), namespace, image));
  const owned = stack.move();
  return { kubeconfig, image, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The text of a city.toml with `provider = "tmux"`, changed to run in this namespace on pods that ask for next to nothing. */
export function onKubernetes(cityToml: string, namespace: string, image: string): string {
  const table = `[session.k8s]
namespace = ${JSON.stringify(namespace)}
image = ${JSON.stringify(image)}
cpu_request = "10m"
mem_request = "32Mi"
`;
  const moved = cityToml.replace(/^provider = "tmux".*$/mu, `provider = "k8s"\n\n${table}`);
  if (moved === cityToml) throw new Error("The sample city has no line 'provider = \"tmux\"' to change");
  return moved;
}

async function deleteNamespace(api: CoreV1Api, name: string): Promise<void> {
  await api.deleteNamespace({ name }).catch((error: unknown) => {
    if (!(error instanceof ApiException && error.code === 404)) throw error;
  });
}
