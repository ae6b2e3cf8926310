import { existsSync } from "node:fs";
import { env } from "node:process";
import { clusterFolder, isRunning, readClusterState } from "./cluster-state.ts";
import { down } from "./down.ts";
import { up } from "./up.ts";

/** A cluster that tests may use. */
export interface Cluster {
  readonly kubeconfig: string;
  /** An agent image that the cluster can pull. */
  readonly image: string;
  /** The registry's address, host and port; empty for a cluster that somebody else runs. */
  readonly registry: string;
  /** True when this call brought it up: then it is this caller's to take down. */
  readonly started: boolean;
}

/** What `status` says. */
export interface ClusterStatus extends Omit<Cluster, "started"> {
  readonly running: boolean;
  /** Kubernetes' version, such as `v1.35.4`; empty while it does not answer. */
  readonly version: string;
  /** Why it is not running; empty when it is. */
  readonly reason: string;
}

/** The cluster of GASCITY_TEST_KUBECONFIG, else this machine's own, brought up when it is not. */
export async function ensureCluster(report: (step: string) => void = () => {}): Promise<Cluster> {
  const given = givenCluster();
  if (given) return { ...given, started: false };
  const { state, started } = await up(report);
  return { kubeconfig: state.kubeconfig, image: state.image, registry: state.registry, started };
}

/** Takes this machine's own cluster down; a cluster that somebody else runs is left alone. */
export async function removeOwnCluster(): Promise<boolean> {
  return givenCluster() === undefined && (await down());
}

/** Looks at the cluster without changing anything. */
export async function clusterStatus(): Promise<ClusterStatus> {
  const given = givenCluster();
  const state = await readClusterState();
  const cluster = given ?? {
    kubeconfig: state?.kubeconfig ?? "",
    image: state?.image ?? "",
    registry: state?.registry ?? "",
  };
  const dead = state?.processes.filter((process) => !isRunning(process)).map(({ name }) => name) ?? [];
  let reason = "";
  if (!given && !state) reason = existsSync(clusterFolder()) ? "half removed: run down" : "not up";
  else if (!given && dead.length > 0) reason = `ended: ${dead.join(", ")}; run up to repair it`;
  else if (!given && !state?.complete) reason = "not yet complete; run up to finish it";
  const version = reason === "" ? await versionOf(cluster.kubeconfig) : "";
  if (reason === "" && version === "") reason = "the API server does not answer";
  return { running: reason === "", ...cluster, version, reason };
}

function givenCluster(): { kubeconfig: string; image: string; registry: string } | undefined {
  const kubeconfig = env["GASCITY_TEST_KUBECONFIG"];
  if (!kubeconfig) return undefined;
  const image = env["GASCITY_TEST_IMAGE"];
  if (!image)
    throw new Error(
      "GASCITY_TEST_KUBECONFIG is set: set GASCITY_TEST_IMAGE too, to an agent image that this cluster can pull",
    );
  return { kubeconfig, image, registry: "" };
}

async function versionOf(kubeconfig: string): Promise<string> {
  // Not needed to bring a cluster up, which works before any package is installed.
  const { KubeConfig, VersionApi } = await import("@kubernetes/client-node");
  try {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    return (await config.makeApiClient(VersionApi).getCode()).gitVersion;
  } catch {
    return "";
  }
}
