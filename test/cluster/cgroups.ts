import { existsSync, readFileSync, readdirSync } from "node:fs";
import { mkdir, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The cgroup that holds all pods of the cluster, and nothing else: who is in it belongs to the cluster. */
export const podsCgroup = "/gascity-test";

const mountPoint = "/sys/fs/cgroup";

/** Makes the pods' cgroup in every hierarchy; the kubelet wants it to exist. */
export async function makePodsCgroup(): Promise<void> {
  for (const folder of cgroupFolders()) await mkdir(folder, { recursive: true });
  if (isUnified()) {
    const controllers = readFileSync(join(mountPoint, "cgroup.controllers"), "utf8").trim().split(" ");
    const enable = controllers.map((controller) => `+${controller}`).join(" ");
    await writeFile(join(mountPoint, "cgroup.subtree_control"), enable);
    await writeFile(join(mountPoint, podsCgroup, "cgroup.subtree_control"), enable);
  }
}

/** The processes in the pods' cgroup and below. */
export function podProcesses(): readonly number[] {
  const pids = cgroupFolders().flatMap((folder) => descendants(folder).flatMap((cgroup) => processesIn(cgroup)));
  return [...new Set(pids)];
}

/** Removes the pods' cgroup from every hierarchy. Its processes must have ended. */
export async function removePodsCgroup(): Promise<void> {
  for (const folder of cgroupFolders()) {
    for (const cgroup of descendants(folder).toReversed()) await rmdir(cgroup).catch(() => {});
  }
}

function isUnified(): boolean {
  return existsSync(join(mountPoint, "cgroup.controllers"));
}

/** The pods' cgroup in each hierarchy, whether it exists or not. */
function cgroupFolders(): readonly string[] {
  if (isUnified()) return [join(mountPoint, podsCgroup)];
  return readdirSync(mountPoint)
    .filter((hierarchy) => existsSync(join(mountPoint, hierarchy, "cgroup.procs")))
    .map((hierarchy) => join(mountPoint, hierarchy, podsCgroup));
}

/** The cgroup and all below it, parents first. */
function descendants(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const children = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...children.flatMap(({ name }) => descendants(join(folder, name)))];
}

function processesIn(cgroup: string): readonly number[] {
  try {
    return readFileSync(join(cgroup, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
