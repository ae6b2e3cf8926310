import type { V1ResourceRequirements } from "@kubernetes/client-node";
import type { KubernetesSettings } from "../../city/kubernetes-settings.ts";
import { ProblemError } from "../../lib/problem.ts";

const quantity = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/u;

/** The agent container's requests and limits. Fails with `unsupported` for what is no Kubernetes quantity. */
export function podResources(settings: KubernetesSettings): V1ResourceRequirements {
  return {
    requests: {
      cpu: checked("cpu_request", settings.cpuRequest),
      memory: checked("mem_request", settings.memoryRequest),
    },
    limits: { cpu: checked("cpu_limit", settings.cpuLimit), memory: checked("mem_limit", settings.memoryLimit) },
  };
}

function checked(key: string, value: string): string {
  if (quantity.test(value)) return value;
  throw new ProblemError({
    code: "unsupported",
    reason: `[session.k8s] ${key} (or GC_K8S_${key.toUpperCase()}) is ${JSON.stringify(value)}, which is no Kubernetes quantity`,
    action: "Write a number with a unit such as 500m, 2, 512Mi or 4Gi",
  });
}
