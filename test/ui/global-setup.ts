import { rm } from "node:fs/promises";
import type { TestProject } from "vitest/node";
import { leaseCluster } from "../cluster/cluster.ts";
import { packageExtension } from "../../scripts/package.mts";
import { installWorkbench } from "../workbench/install.ts";
import { screenshotFolder } from "./workbench-page.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Absolute path of the packaged extension. */
    readonly vsix: string;
    readonly cluster: { readonly kubeconfig: string; readonly image: string };
  }
}

/** Once before all scenarios: clears old pictures, packages the extension, installs the workbench and brings the cluster up. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await rm(screenshotFolder, { recursive: true, force: true });
  project.provide("vsix", await packageExtension());
  await installWorkbench();
  const lease = await leaseCluster((step) => console.log(`cluster: ${step}`));
  project.provide("cluster", { kubeconfig: lease.kubeconfig, image: lease.image });
  return async () => {
    await lease[Symbol.asyncDispose]();
  };
}
