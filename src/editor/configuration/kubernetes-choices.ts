import type { KubernetesConnection } from "../../kubernetes/connection.ts";
import type * as onKubernetes from "../../runtime/on-kubernetes.ts";
import type { ClusterChoices } from "./cluster-choices.ts";

/** What the clusters of the kubeconfig have to choose from. */
export const kubernetesChoices: ClusterChoices = {
  async contexts() {
    const { contextNames } = await import("../../runtime/on-kubernetes.ts");
    return contextNames();
  },
  namespaces: (context, signal) =>
    onCluster(context, ({ namespaceNames }, connection) => namespaceNames(connection, signal)),
  images: (context, namespace, signal) =>
    onCluster(context, ({ podImages }, connection) => podImages(connection, namespace, signal)),
};

async function onCluster<T>(
  context: string,
  ask: (parts: typeof onKubernetes, connection: KubernetesConnection) => Promise<T>,
): Promise<T> {
  const parts = await import("../../runtime/on-kubernetes.ts");
  const connection = parts.openConnection({ context });
  try {
    return await ask(parts, connection);
  } finally {
    connection.dispose();
  }
}
