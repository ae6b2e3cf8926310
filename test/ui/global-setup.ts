import type { TestProject } from "vitest/node";
import { packageExtension } from "../../scripts/package.mts";
import { installWorkbench } from "../workbench/install.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Absolute path of the packaged extension. */
    readonly vsix: string;
  }
}

/** Once before all scenarios: packages the extension and installs the workbench. */
export async function setup(project: TestProject): Promise<void> {
  project.provide("vsix", await packageExtension());
  await installWorkbench();
}
