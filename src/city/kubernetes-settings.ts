import type { KubernetesTables } from "./schema/kubernetes-tables.ts";
import type { SessionTable } from "./schema/session.ts";

/** Where and how pods are made. All values are as gc writes them; `""` means unset. */
export interface KubernetesSettings {
  readonly namespace: string;
  readonly image: string;
  /** The kubeconfig's context; empty means its current one. */
  readonly context: string;
  readonly serviceAccount: string;
  readonly cpuRequest: string;
  readonly memoryRequest: string;
  readonly cpuLimit: string;
  readonly memoryLimit: string;
  readonly prebaked: boolean;
  /** What a loopback Dolt host becomes in a pod; both or neither (k8s-wire §1.5). */
  readonly doltHost: string;
  readonly doltPort: string;
}

/**
 * Resolves GC_K8S_* over [session.k8s] and kubernetes.toml over gc's defaults (k8s-wire §1.2); an empty variable counts as
 * unset.
 */
export function kubernetesSettings(
  table: SessionTable["k8s"],
  env: Readonly<Record<string, string | undefined>>,
  ours: KubernetesTables = {},
): KubernetesSettings {
  const choose = (variable: string, value: string | undefined, fallback: string): string =>
    env[variable] || value || fallback;
  return {
    namespace: choose("GC_K8S_NAMESPACE", table?.namespace, "gc"),
    image: choose("GC_K8S_IMAGE", table?.image, ""),
    context: choose("GC_K8S_CONTEXT", table?.context, ""),
    serviceAccount: choose("GC_K8S_SERVICE_ACCOUNT", ours.service_account, ""),
    cpuRequest: choose("GC_K8S_CPU_REQUEST", table?.cpu_request, "500m"),
    memoryRequest: choose("GC_K8S_MEM_REQUEST", table?.mem_request, "1Gi"),
    cpuLimit: choose("GC_K8S_CPU_LIMIT", table?.cpu_limit, "2"),
    memoryLimit: choose("GC_K8S_MEM_LIMIT", table?.mem_limit, "4Gi"),
    prebaked: env["GC_K8S_PREBAKED"] ? env["GC_K8S_PREBAKED"] === "true" : (table?.prebaked ?? false),
    doltHost: choose("GC_K8S_DOLT_HOST", ours.dolt_host, ""),
    doltPort: choose("GC_K8S_DOLT_PORT", ours.dolt_port?.toString(), ""),
  };
}
