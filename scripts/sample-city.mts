import { cp, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { makeNamespace } from "../test/machine/kubernetes-namespace.ts";
import { type ClusterLease, leaseCluster } from "../test/cluster/cluster.ts";

const shipped = resolve(fileURLToPath(import.meta.url), "../../media/sample-city");

/** Copies the shipped sample city into a new folder (absolute path), where it may be edited. */
export async function copySampleCity(folder: string): Promise<void> {
  await cp(shipped, folder, { recursive: true });
}

/**
 * Brings the test cluster up unless it is up, and rewrites the copy of the sample city in `folder` so that its agents
 * live there, in a namespace of their own. Disposing it removes the namespace, and the cluster if it was not up before.
 */
export async function moveSampleCityToCluster(folder: string): Promise<ClusterLease> {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await leaseCluster((step) => console.log(`cluster: ${step}`)));
  const { name } = stack.use(await makeNamespace(cluster.kubeconfig, "gascity-sample-"));
  await moveSampleCity(folder, name, cluster.image);
  const owned = stack.move();
  return { ...cluster, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Rewrites the city.toml of a copy of the sample city, so that its agents live in this namespace with this image. */
export async function moveSampleCity(folder: string, namespace: string, image: string): Promise<void> {
  const file = join(folder, "city.toml");
  await writeFile(file, onKubernetes(await readFile(file, "utf8"), namespace, image));
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
