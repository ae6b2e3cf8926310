import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { runTests } from "@vscode/test-electron";
import { buildBundles } from "../../scripts/build.mts";
import { reportResult, resultFileVariable } from "./host-result.ts";
import { bundleSuite, extensionRoot, outputFolder } from "./suite-bundle.ts";
import { fillWorkspace } from "./workspace-files.ts";

// The suite in the desktop editor, which is downloaded on the first run: needs a display and the network.
await buildBundles();
const extensionTestsPath = await bundleSuite();
const workspace = await mkdtemp(join(tmpdir(), "gascity-"));
const resultFile = join(outputFolder, "result.json");
try {
  await fillWorkspace(workspace);
  const exitCode = await runTests({
    extensionDevelopmentPath: extensionRoot,
    extensionTestsPath,
    extensionTestsEnv: { [resultFileVariable]: resultFile },
    launchArgs: [workspace, "--disable-extensions", "--disable-workspace-trust", "--skip-welcome"],
  });
  process.exitCode = (await reportResult(resultFile)) && exitCode === 0 ? 0 : 1;
} finally {
  await rm(workspace, { recursive: true, force: true });
}
