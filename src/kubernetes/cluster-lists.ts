import { apiPath, checkedName } from "./api-path.ts";
import type { KubernetesConnection } from "./connection.ts";
import { loadKubeConfig } from "./kubeconfig.ts";

/** So many at once are more than anyone looks through. */
const limit = 500;

interface List<T> {
  readonly items: readonly T[];
}

/** The names of the kubeconfig's contexts, the current one first. Fails with `cluster-unconfigured`. */
export function contextNames(): readonly string[] {
  const config = loadKubeConfig("");
  const names = config.getContexts().map(({ name }) => name);
  return [...new Set([config.getCurrentContext(), ...names])];
}

/** The names of a cluster's namespaces, sorted. */
export async function namespaceNames(
  connection: KubernetesConnection,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const path = apiPath(["api", "v1", "namespaces"], { limit });
  const { items } = await connection.call<List<{ metadata: { name: string } }>>({ method: "GET", path, signal });
  return items.map(({ metadata }) => metadata.name).sort();
}

/** The images of the containers in a namespace's pods, those of the most pods first. */
export async function podImages(
  connection: KubernetesConnection,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const path = apiPath(["api", "v1", "namespaces", checkedName(namespace), "pods"], { limit });
  const { items } = await connection.call<List<{ spec: { containers: readonly { image?: string }[] } }>>({
    method: "GET",
    path,
    signal,
  });
  const images = items.flatMap(({ spec }) => spec.containers.flatMap(({ image }) => image ?? []));
  const counted = Map.groupBy(images, (image) => image);
  return [...counted].sort(([, a], [, b]) => b.length - a.length).map(([image]) => image);
}
