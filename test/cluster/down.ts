import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { readFile, readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { kill, pid as ownPid } from "node:process";
import { tryCommand } from "../machine/run-command.ts";
import { podProcesses, removePodsCgroup } from "./cgroups.ts";
import { clusterFolder, isRunning, readClusterState, sharedFolders, startTimeOf } from "./cluster-state.ts";
import { cniNetwork } from "./components.ts";
import { removeNetwork, setForwarding } from "./network.ts";
import { processMark } from "./process-mark.ts";
import { waitFor } from "./wait-for.ts";

/** Removes every trace of the cluster but the caches. The caller holds the lock. */
export async function removeCluster(): Promise<void> {
  const folder = clusterFolder();
  const state = await readClusterState();
  // First those that would start pods anew; the reverse of the order they were started in.
  const recorded = (state?.processes ?? []).filter((process) => isRunning(process)).toReversed();
  await endProcesses(recorded.map(({ pid }) => pid).filter((pid) => !isContainerd(pid, folder)));
  await endProcesses(podProcesses());
  const shimSockets = await socketsOfShims(folder);
  await endProcesses(markedProcesses(folder));
  // A shim that ended may have left a process of its pod to us.
  await endProcesses(podProcesses());
  await removePodsCgroup();
  await unmountBelow(folder);
  await removeNetwork();
  if (state) await setForwarding(state.ipForward);
  await removeStrayFiles(folder, shimSockets, state?.foreignFolders ?? sharedFolders);
  await rm(folder, { recursive: true, force: true });
}

function isContainerd(pid: number, folder: string): boolean {
  return commandLine(pid).includes(join(folder, "containerd.toml"));
}

/** SIGTERM, and SIGKILL for what is still there after five seconds. */
async function endProcesses(pids: readonly number[]): Promise<void> {
  const known = pids
    .map((pid) => ({ pid, startTime: startTimeOf(pid) }))
    .filter(({ startTime }) => startTime !== undefined);
  const alive = (): typeof known => known.filter(({ pid, startTime }) => startTimeOf(pid) === startTime);
  for (const [signal, patience] of [
    ["SIGTERM", 5000],
    ["SIGKILL", 10_000],
  ] as const) {
    for (const { pid } of alive()) {
      try {
        kill(pid, signal);
      } catch {
        // It ended in between.
      }
    }
    try {
      return await waitFor("The end of a process", async () => alive().length === 0, patience);
    } catch (error) {
      if (signal === "SIGKILL") throw error;
    }
  }
}

/** Processes that carry the cluster's mark in their environment: its parts and containerd's shims. */
function markedProcesses(folder: string): readonly number[] {
  const mark = `${processMark}=${folder}`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name) && Number(name) !== ownPid)
    .map(Number)
    .filter((pid) => readProc(pid, "environ").split("\0").includes(mark));
}

function commandLine(pid: number): string {
  return readProc(pid, "cmdline").replaceAll("\0", " ");
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

/** The sockets of this cluster's shims; containerd puts all shims' sockets of a machine into one folder. */
async function socketsOfShims(folder: string): Promise<readonly string[]> {
  const bundles = join(folder, "containerd/state/io.containerd.runtime.v2.task/k8s.io");
  const names = await readdir(bundles).catch(() => []);
  const addresses = await Promise.all(
    names.map((name) => readFile(join(bundles, name, "address"), "utf8").catch(() => "")),
  );
  return addresses.filter((address) => address.startsWith("unix://")).map((address) => address.slice("unix://".length));
}

async function unmountBelow(folder: string): Promise<void> {
  const mountPoints = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) =>
      (line.split(" ")[4] ?? "").replaceAll(/\\(\d{3})/gu, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    )
    .filter((mountPoint) => mountPoint.startsWith(`${folder}/`));
  // Reversed, the later and inner ones come first.
  for (const mountPoint of mountPoints.toReversed()) await tryCommand("umount", ["--lazy", mountPoint]);
}

/** What the parts wrote outside their own folder. */
async function removeStrayFiles(
  folder: string,
  shimSockets: readonly string[],
  foreignFolders: readonly string[],
): Promise<void> {
  for (const socket of shimSockets) await rm(socket, { force: true });
  await removeMatching("/var/lib/cni/results", (name) => name.startsWith(`${cniNetwork}-`));
  await removeMatching("/var/log/containers", (_, path) => readlinkSync(path).startsWith(folder));
  for (const shared of sharedFolders) {
    if (!foreignFolders.includes(shared)) await rm(shared, { recursive: true, force: true });
  }
  for (const empty of ["/run/containerd/s", "/run/containerd", "/var/log/containers"]) {
    await rmdir(empty).catch(() => {});
  }
}

async function removeMatching(folder: string, matches: (name: string, path: string) => boolean): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    try {
      if (matches(name, path)) await rm(path, { recursive: true, force: true });
    } catch {
      // Not ours to read.
    }
  }
}
