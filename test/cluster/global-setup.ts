import { env } from "node:process";
import { clusterStatus, leaseCluster } from "./cluster.ts";

/**
 * For vitest: every test file finds the cluster in GASCITY_TEST_KUBECONFIG, and agent images in GASCITY_TEST_IMAGE
 * and GASCITY_TEST_NEW_TMUX_IMAGE. A cluster that is not
 * there is a failure.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const lease = await leaseCluster((step) => console.error(`cluster: ${step}`));
  const given = env["GASCITY_TEST_KUBECONFIG"];
  const status = await clusterStatus();
  if (!status.running) {
    await lease[Symbol.asyncDispose]();
    throw new Error(`The test cluster is not usable: ${status.reason}`);
  }
  env["GASCITY_TEST_KUBECONFIG"] = lease.kubeconfig;
  env["GASCITY_TEST_IMAGE"] = lease.image;
  env["GASCITY_TEST_NEW_TMUX_IMAGE"] = lease.newTmuxImage;
  return async () => {
    if (given === undefined) delete env["GASCITY_TEST_KUBECONFIG"];
    await lease[Symbol.asyncDispose]();
  };
}
