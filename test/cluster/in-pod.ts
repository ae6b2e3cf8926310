import { openConnection } from "../../src/kubernetes/connection.ts";
import { execCommand } from "../../src/kubernetes/exec-command.ts";
import type { TestNamespace } from "./namespace.ts";

/** What a shell command prints in an agent's pod, behind the provider's back. KUBECONFIG leads to the cluster. */
export async function runInPod({ name }: TestNamespace, pod: string, command: string): Promise<string> {
  const connection = openConnection();
  try {
    return (await execCommand(connection, { namespace: name, pod, container: "agent" }, ["sh", "-c", command])).stdout;
  } finally {
    connection.dispose();
  }
}

/** The names of all pods of a namespace. */
export async function podNames({ core, name }: TestNamespace): Promise<string[]> {
  const { items } = await core.listNamespacedPod({ namespace: name });
  return items.map(({ metadata }) => metadata?.name ?? "");
}
