import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { argv, cwd, env, pid } from "node:process";
import { lockFile } from "../../src/lib/file-lock.ts";
import {
  type ClusterState,
  type ClusterUser,
  clusterFolder,
  clusterLock,
  isRunning,
  readClusterState,
  startTimeOf,
  writeClusterState,
} from "./cluster-state.ts";
import { removeCluster } from "./down.ts";
import { bringUp, prepareMachine } from "./up.ts";

/** A cluster that tests may use. */
export interface Cluster {
  readonly kubeconfig: string;
  /** An agent image that the cluster can pull. */
  readonly image: string;
  /** The same with tmux 3.8 or newer. */
  readonly newTmuxImage: string;
  /** The registry's address, host and port; empty for a cluster that somebody else runs. */
  readonly registry: string;
}

/** A cluster that stays up until this is disposed. */
export type ClusterLease = Cluster & AsyncDisposable;

/** What `status` says. */
export interface ClusterStatus extends Cluster {
  readonly running: boolean;
  /** Kubernetes' version, such as `v1.35.4`; empty while it does not answer. */
  readonly version: string;
  /** Why it is not running; empty when it is. */
  readonly reason: string;
}

/** Brings this machine's own cluster up to stay until `removeOwnCluster`; true when it was not up. */
export async function keepCluster(report: (step: string) => void): Promise<boolean> {
  if (givenCluster()) return false;
  await prepareMachine();
  await using _lock = await lockFile(clusterLock(), { wait: Infinity });
  const { state, started } = await bringUp(report);
  await writeClusterState({ ...state, kept: true });
  return started;
}

/**
 * The cluster of GASCITY_TEST_KUBECONFIG, else this machine's own, brought up when it is not. Until the lease is
 * disposed, nobody else's end takes it down; the last lease does, unless a person brought the cluster up.
 */
export async function leaseCluster(report: (step: string) => void): Promise<ClusterLease> {
  const given = givenCluster();
  if (given) return { ...given, async [Symbol.asyncDispose]() {} };
  await prepareMachine();
  const user: ClusterUser = {
    id: randomUUID(),
    name: `${basename(argv[1] ?? "node")} in ${cwd()}`,
    pid,
    startTime: startTimeOf(pid) ?? "",
  };
  await using _lock = await lockFile(clusterLock(), { wait: Infinity });
  try {
    const { state } = await bringUp(report);
    await writeClusterState({ ...state, users: [...livingUsers(state), user] });
    const { kubeconfig, image, newTmuxImage, registry } = state;
    return { kubeconfig, image, newTmuxImage, registry, [Symbol.asyncDispose]: () => endLease(user) };
  } catch (error) {
    await removeUnused();
    throw error;
  }
}

async function endLease({ id }: ClusterUser): Promise<void> {
  await using _lock = await lockFile(clusterLock(), { wait: Infinity });
  const state = await readClusterState();
  if (state) await writeClusterState({ ...state, users: state.users.filter((user) => user.id !== id) });
  await removeUnused();
}

async function removeUnused(): Promise<void> {
  const state = await readClusterState();
  if (state && !state.kept && livingUsers(state).length === 0) await removeCluster();
}

/**
 * Takes this machine's own cluster down, also one that a crash left half up; a cluster that somebody else runs is left
 * alone. False when there is none. Throws while somebody uses it, unless `force`.
 */
export async function removeOwnCluster(force: boolean): Promise<boolean> {
  if (givenCluster()) return false;
  await using _lock = await lockFile(clusterLock(), { wait: Infinity });
  if (!existsSync(clusterFolder())) return false;
  const users = livingUsers(await readClusterState());
  if (users.length > 0 && !force) {
    const list = [...new Set(users.map((user) => `${user.name} (process ${user.pid})`))].join(", ");
    throw new Error(`The cluster is in use by ${list}. Wait for its end, or take the cluster away: down --force`);
  }
  await removeCluster();
  return true;
}

function livingUsers(state: ClusterState | undefined): readonly ClusterUser[] {
  return state?.users.filter((user) => isRunning(user)) ?? [];
}

/** Looks at the cluster without changing anything. */
export async function clusterStatus(): Promise<ClusterStatus> {
  const given = givenCluster();
  const state = await readClusterState();
  const cluster = given ?? {
    kubeconfig: state?.kubeconfig ?? "",
    image: state?.image ?? "",
    newTmuxImage: state?.newTmuxImage ?? "",
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

function givenCluster(): Cluster | undefined {
  const kubeconfig = env["GASCITY_TEST_KUBECONFIG"];
  if (!kubeconfig) return undefined;
  const image = env["GASCITY_TEST_IMAGE"];
  if (!image)
    throw new Error(
      "GASCITY_TEST_KUBECONFIG is set: set GASCITY_TEST_IMAGE too, to an agent image that this cluster can pull",
    );
  return { kubeconfig, image, newTmuxImage: env["GASCITY_TEST_NEW_TMUX_IMAGE"] ?? "", registry: "" };
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
