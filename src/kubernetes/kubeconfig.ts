import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { env } from "node:process";
import { KubeConfig } from "@kubernetes/client-node";
import { ProblemError, problemOf } from "../lib/problem.ts";

/**
 * The kubeconfig that the environment means: KUBECONFIG, else the user's, else the pod's own account; `context` chooses
 * one of its contexts by name. Fails with `cluster-unconfigured`.
 */
export function loadKubeConfig(context: string): KubeConfig {
  let config: KubeConfig;
  try {
    config = env["KUBECONFIG"] ? merged(env["KUBECONFIG"].split(delimiter)) : ofThisMachine();
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
  for (const cluster of config.clusters) {
    // The library refuses plain HTTP, such as that of kubectl proxy, unless TLS is not to be verified.
    if (cluster.server.startsWith("http:")) Object.assign(cluster, { skipTLSVerify: true });
  }
  return config;
}

function ofThisMachine(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromDefault();
  return config;
}

/**
 * Merges files as kubectl does, so that both mean the same cluster: what comes first counts, for the current context too,
 * and a file that is not there counts as empty. The library lets the last context win and refuses names that repeat.
 */
function merged(files: readonly string[]): KubeConfig {
  const found = files.filter((file) => file !== "" && existsSync(file));
  if (found.length === 0) throw new Error(`KUBECONFIG names no file that is there (${files.join(", ")})`);
  const [first = new KubeConfig(), ...others] = found.map((file) => {
    const config = new KubeConfig();
    config.loadFromFile(file);
    return config;
  });
  for (const { clusters, users, contexts, currentContext } of others) {
    first.clusters = firstOfName([...first.clusters, ...clusters]);
    first.users = firstOfName([...first.users, ...users]);
    first.contexts = firstOfName([...first.contexts, ...contexts]);
    first.currentContext ||= currentContext;
  }
  return first;
}

function firstOfName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return [...new Map(items.toReversed().map((item) => [item.name, item])).values()];
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
