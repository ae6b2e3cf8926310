import { inject, test as base } from "vitest";
import { Workspace } from "./workspace.ts";

interface ScenarioFixtures {
  /** An empty folder and the workbenches opened on it; all of it is gone after the test. */
  readonly workspace: Workspace;
}

/** A test with a workspace of its own. When it fails, out/ui/failed-NAME* shows what the person would have seen. */
export const scenario = base.extend<ScenarioFixtures>({
  workspace: async ({ task }, use) => {
    await using workspace = await Workspace.create(inject("vsix"));
    await use(workspace);
    if (task.result?.state === "fail") {
      await workspace.keepEvidence(`failed-${task.name.replaceAll(/[^a-z0-9]+/giu, "-")}`);
    }
  },
});
