import { KubeConfig } from "@kubernetes/client-node";
import { ProblemError, problemOf } from "../lib/problem.ts";

/**
 * The kubeconfig that the environment means: KUBECONFIG, else the user's, else the pod's own account; `context` chooses
 * one of its contexts by name. Fails with `cluster-unconfigured`.
 */
export function loadKubeConfig(context: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    throw unconfigured(`Your kubeconfig cannot be read: ${problemOf(error).reason}`, error);
  }
  if (context !== "") {
    const names = config.getContexts().map(({ name }) => name);
    if (!names.includes(context)) {
      throw unconfigured(`Your kubeconfig has no context "${context}" (it has ${names.join(", ") || "none"})`);
    }
    config.setCurrentContext(context);
  }
  // What the library makes up when it finds nothing at all.
  if (config.getCurrentContext() === "loaded-context") throw unconfigured("There is no kubeconfig");
  return config;
}

/** The API server of the current context. Fails with `cluster-unconfigured`. */
export function serverOf(config: KubeConfig): URL {
  const server = config.getCurrentCluster()?.server;
  if (!server) throw unconfigured("Your kubeconfig has no current cluster");
  if (!/^https?:$/u.test(URL.parse(server)?.protocol ?? "")) {
    throw unconfigured(`Your kubeconfig's current cluster has "${server}" for its server, which is no address`);
  }
  return new URL(server);
}

/** The problem of a kubeconfig that does not lead to a cluster. */
export function unconfigured(reason: string, cause?: unknown): ProblemError {
  const action = "Set KUBECONFIG, or context in [session.k8s], then reload the window";
  return new ProblemError({ code: "cluster-unconfigured", reason, action }, { cause });
}
