import { env } from "node:process";
import { clusterStatus, ensureCluster, removeOwnCluster } from "./cluster.ts";

/**
 * For vitest: every test file finds the cluster in GASCITY_TEST_KUBECONFIG and GASCITY_TEST_IMAGE. A cluster that is not
 * there is a failure. What was brought up here is taken down again.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const given = env["GASCITY_TEST_KUBECONFIG"] !== undefined;
  const cluster = await ensureCluster((step) => console.error(`cluster: ${step}`));
  const status = await clusterStatus();
  if (!status.running) throw new Error(`The test cluster is not usable: ${status.reason}`);
  env["GASCITY_TEST_KUBECONFIG"] = cluster.kubeconfig;
  env["GASCITY_TEST_IMAGE"] = cluster.image;
  return async () => {
    if (given) return;
    delete env["GASCITY_TEST_KUBECONFIG"];
    if (cluster.started) await removeOwnCluster();
  };
}
