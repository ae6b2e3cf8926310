import type { KubernetesSettings } from "../../city/kubernetes-settings.ts";
import { ProblemError } from "../../lib/problem.ts";

/** Where the pod finds the city's Dolt server. */
export interface DoltEndpoint {
  readonly host: string;
  readonly port: string;
}

const inCluster: DoltEndpoint = { host: "dolt.gc.svc.cluster.local", port: "3307" };
const loopback = new Set(["127.0.0.1", "localhost", "0.0.0.0", "::1", "::"]);

/**
 * What GC_DOLT_HOST and GC_DOLT_PORT of the controller mean inside a pod (k8s-wire §1.5): a server on the controller's
 * own machine becomes the one in the cluster. Undefined when there is none. Fails when one of a pair is missing.
 */
export function doltEndpoint(
  env: Readonly<Record<string, string>>,
  settings: Pick<KubernetesSettings, "doltHost" | "doltPort">,
): DoltEndpoint | undefined {
  const alias = { host: settings.doltHost.trim(), port: settings.doltPort.trim() };
  if ((alias.host === "") !== (alias.port === "")) throw incomplete("GC_K8S_DOLT_HOST", "GC_K8S_DOLT_PORT");
  const host = env["GC_DOLT_HOST"]?.trim() ?? "";
  const port = env["GC_DOLT_PORT"]?.trim() ?? "";
  if (host === "" && port === "") return undefined;
  if (port === "") throw incomplete("GC_DOLT_HOST", "GC_DOLT_PORT");
  if (host !== "" && !loopback.has(host.toLowerCase())) return { host, port };
  return alias.host === "" ? inCluster : alias;
}

function incomplete(host: string, port: string): ProblemError {
  return new ProblemError({
    code: "unsupported",
    reason: `Only one of ${host} and ${port} is set`,
    action: `Set both ${host} and ${port}, or neither`,
  });
}
