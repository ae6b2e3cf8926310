import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { tryCommand } from "../test/machine/run-command.ts";

const clusterCommand = resolve(fileURLToPath(import.meta.url), "../../test/cluster/cli.ts");

/** The test cluster as other programs need it. */
export interface ClusterAccess {
  /** Absolute path of a kubeconfig. */
  readonly kubeconfig: string;
  /** The agent image, as a pod names it. */
  readonly image: string;
}

/** The test cluster, in use by us. Disposing it takes the cluster down if it was not up before. */
export interface ClusterLease extends ClusterAccess, AsyncDisposable {}

/**
 * Brings the test cluster up unless it is up. What it prints goes to this process's own output.
 * Throws when that fails, after taking down what came up.
 */
export async function leaseCluster(): Promise<ClusterLease> {
  const running = await clusterStatus();
  const release = async (): Promise<void> => {
    if (running === undefined) await cluster("down");
  };
  try {
    await cluster("up");
    const access = await clusterStatus();
    if (access === undefined) throw new Error("The cluster came up, but its status says that it is down");
    return { ...access, [Symbol.asyncDispose]: release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function clusterStatus(): Promise<ClusterAccess | undefined> {
  const { exitCode, stdout } = await tryCommand(process.execPath, [clusterCommand, "status", "--json"]);
  return exitCode === 0 ? (JSON.parse(stdout) as ClusterAccess) : undefined;
}

async function cluster(verb: "up" | "down"): Promise<void> {
  const child = spawn(process.execPath, [clusterCommand, verb], { stdio: ["ignore", "inherit", "inherit"] });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`The test cluster: "${verb}" ended with code ${code ?? "unknown"}`);
}
