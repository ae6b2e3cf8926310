import { readFileSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../machine/cache-folder.ts";

/** A process of the cluster, recognised by more than its number: numbers are used again. */
export interface RecordedProcess {
  readonly name: string;
  readonly pid: number;
  /** When it started, in clock ticks since boot (proc_pid_stat(5), field 22). */
  readonly startTime: string;
}

/** A process that uses the cluster: while it runs nobody takes the cluster down by the way. */
export interface ClusterUser extends RecordedProcess {
  /** Tells apart several uses by one process. */
  readonly id: string;
}

/** What `up` did to this machine, so that `down` can undo it. Written before and after each step. */
export interface ClusterState {
  readonly kubeconfig: string;
  /** The agent image with the registry's address, as a pod names it. */
  readonly image: string;
  /** The same with the newest tmux. */
  readonly newTmuxImage: string;
  readonly registry: string;
  readonly apiServer: string;
  readonly bridge: string;
  /** The value of net.ipv4.ip_forward before. */
  readonly ipForward: string;
  /** Of `sharedFolders`, those that were there before. */
  readonly foreignFolders: readonly string[];
  readonly processes: readonly RecordedProcess[];
  /** True once everything was seen ready. */
  readonly complete: boolean;
  /** True when a person brought it up: then only a person takes it down, not the last of its users. */
  readonly kept: boolean;
  readonly users: readonly ClusterUser[];
}

/** Where parts of a cluster write outside their own folders, with no setting against it. */
export const sharedFolders: readonly string[] = ["/tmp/hostpath_pv", "/var/lib/kubelet", "/var/lib/cni"];

/** The folder that holds everything of the running cluster; `down` deletes it. */
export function clusterFolder(): string {
  return join(cacheFolder(), "cluster");
}

/** The lock that guards `up` and `down`. */
export function clusterLock(): string {
  return join(cacheFolder(), "cluster.lock");
}

/** What is recorded of the cluster; undefined when there is none. */
export async function readClusterState(): Promise<ClusterState | undefined> {
  try {
    return JSON.parse(await readFile(join(clusterFolder(), "state.json"), "utf8")) as ClusterState;
  } catch {
    return undefined;
  }
}

/** Records the state; a crash leaves the old or the new one. */
export async function writeClusterState(state: ClusterState): Promise<void> {
  await mkdir(clusterFolder(), { recursive: true });
  const path = join(clusterFolder(), "state.json");
  await writeFile(`${path}.new`, JSON.stringify(state, undefined, 2));
  await rename(`${path}.new`, path);
}

/** The start time of a process, in clock ticks since boot; undefined when it is gone or only waits to be reaped. */
export function startTimeOf(pid: number): string | undefined {
  try {
    // The command's name, in brackets, may itself hold blanks and brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /su, "")
      .split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Whether the recorded process still runs. */
export function isRunning({ pid, startTime }: RecordedProcess): boolean {
  return startTimeOf(pid) === startTime;
}
