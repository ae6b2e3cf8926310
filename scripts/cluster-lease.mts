import { type Cluster, clusterStatus, ensureCluster, removeOwnCluster } from "../test/cluster/cluster.ts";

/** The test cluster, in use by us. Disposing it takes the cluster down if it was not up before. */
export type ClusterLease = Cluster & AsyncDisposable;

/** Brings the test cluster up unless it is up. Throws when that fails, after taking down what came up. */
export async function leaseCluster(): Promise<ClusterLease> {
  const { running } = await clusterStatus();
  const release = async (): Promise<void> => {
    if (!running) await removeOwnCluster();
  };
  try {
    const cluster = await ensureCluster((step) => console.log(`cluster: ${step}`));
    return { ...cluster, [Symbol.asyncDispose]: release };
  } catch (error) {
    await release();
    throw error;
  }
}
