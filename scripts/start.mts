import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process, { env, platform } from "node:process";
import { parseArgs } from "node:util";
import { isPresent } from "../test/machine/debian-packages.ts";
import { makeTemporaryHome } from "../test/machine/temporary-home.ts";
import { startWorkbenchServer } from "../test/workbench/server.ts";
import { packageExtension } from "./package.mts";
import { copySampleCity, moveSampleCityToCluster } from "./sample-city.mts";

const { values } = parseArgs({ options: { cluster: { type: "boolean" }, port: { type: "string" } } });
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
try {
  await main();
} catch (error) {
  // Ctrl-C reaches the programs that install and start things too, and they fail; that is no news.
  if (!stop.signal.aborted) throw error;
}

/** Opens the workbench on the running sample city until Ctrl-C, and leaves nothing behind. */
async function main(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const { folder, tmux } = stack.use(await makeTemporaryHome());
  const vsix = await packageExtension();
  const city = join(folder, "sample-city");
  await copySampleCity(city);
  const cluster = values.cluster === true ? stack.use(await moveSampleCityToCluster(city)) : undefined;
  const server = stack.use(
    await startWorkbenchServer({
      home: join(folder, "editor"),
      extensions: [vsix],
      settings: { "gascity.startOnOpen": true },
      environment: { TMUX_TMPDIR: tmux, ...(cluster && { KUBECONFIG: cluster.kubeconfig }) },
      ...(values.port !== undefined && { port: Number(values.port) }),
    }),
  );
  const address = server.folderUrl(city);
  console.log(`\nThe sample city is open at ${address}\nCtrl-C ends the workbench and the agents.`);
  openBrowser(address);
  await Promise.race([aborted(stop.signal), server.ended]);
  console.log("\nEnding the workbench and the agents.");
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

function openBrowser(address: string): void {
  const hasDisplay = env["DISPLAY"] !== undefined || env["WAYLAND_DISPLAY"] !== undefined;
  const opener = platform === "darwin" ? "open" : hasDisplay ? "xdg-open" : undefined;
  if (opener !== undefined && isPresent(opener)) spawn(opener, [address], { stdio: "ignore" }).unref();
}
