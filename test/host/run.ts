import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { buildBundles } from "../../scripts/build.mts";
import { makeTemporaryHome } from "../machine/temporary-home.ts";
import { launchBrowser, newPage } from "../workbench/browser.ts";
import { startWorkbenchServer } from "../workbench/server.ts";
import { reportResult, resultFileVariable } from "./host-result.ts";
import { bundleSuite, extensionRoot, outputFolder } from "./suite-bundle.ts";
import { fillWorkspace } from "./workspace-files.ts";

const limitMilliseconds = 5 * 60_000;
const resultFile = join(outputFolder, "result.json");

await buildBundles();
const suite = await bundleSuite();
const exitCode = await runInHost(suite);
if (exitCode !== 0) console.error(`The extension host ended with ${exitCode}.`);
const passed = (await reportResult(resultFile)) && exitCode === 0;
process.exit(passed ? 0 : 1);

/** Runs the suite in a workbench of its own; resolves to the host's exit code, or says that the time was up. */
async function runInHost(suitePath: string): Promise<number | "the time limit"> {
  await using stack = new AsyncDisposableStack();
  const { folder, tmux } = stack.use(await makeTemporaryHome());
  const workspace = join(folder, "work");
  await fillWorkspace(workspace);
  const server = stack.use(
    await startWorkbenchServer({
      home: join(folder, "editor"),
      environment: { TMUX_TMPDIR: tmux, [resultFileVariable]: resultFile },
      // Without it the workbench silently ignores the tests that its address names.
      args: ["--vscode-option", "enable-smoke-test-driver"],
    }),
  );
  const browser = await launchBrowser();
  stack.defer(() => browser.close());
  const page = await newPage(browser);
  const log: string[] = [];
  const ended = Promise.withResolvers<number>();
  await page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) => {
    log.push(`${type} ${args.map(String).join(" ")}`);
  });
  await page.exposeFunction("codeAutomationExit", (code: number) => ended.resolve(code));
  const remote = `vscode-remote://127.0.0.1:${server.port}`;
  const payload = JSON.stringify([
    ["extensionDevelopmentPath", `${remote}${extensionRoot}`],
    ["extensionTestsPath", `${remote}${suitePath}`],
    ["skipWelcome", "true"],
  ]);
  await page.goto(`${server.folderUrl(workspace)}&payload=${encodeURIComponent(payload)}`);
  const limit = new AbortController();
  const exitCode = await Promise.race([
    ended.promise,
    delay(limitMilliseconds, "the time limit" as const, { signal: limit.signal }),
  ]);
  limit.abort();
  await writeFile(join(outputFolder, "workbench.log"), log.join("\n"));
  if (exitCode !== 0) await page.screenshot({ path: join(outputFolder, "failed.png") });
  return exitCode;
}
