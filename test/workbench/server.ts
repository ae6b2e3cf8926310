import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { env } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { ensureDebianPackages } from "../machine/debian-packages.ts";
import { freePort } from "../machine/free-port.ts";
import { startProcessGroup } from "../machine/process-group.ts";
import { runCommand } from "../machine/run-command.ts";
import { type WorkbenchInstallation, installWorkbench } from "./install.ts";

/** VS Code settings by their full names. */
export type Settings = Readonly<Record<string, unknown>>;

export interface WorkbenchServerOptions {
  /** Absolute path of the folder that gets everything the server writes; two servers must not share it. */
  readonly home: string;
  /** Added to the server's environment, and so to the extension host's. */
  readonly environment?: Readonly<Record<string, string>>;
  /** User settings on top of the quiet defaults. */
  readonly settings?: Settings;
  /** Absolute paths of the .vsix files to install before the start. */
  readonly extensions?: readonly string[];
  /** A free one when left out. */
  readonly port?: number;
  /** More of code-server's own arguments. */
  readonly args?: readonly string[];
}

/** A running code-server. Disposing it ends it and all it started, terminals and extension hosts too. */
export interface WorkbenchServer extends AsyncDisposable {
  readonly port: number;
  /** The address that opens this absolute path as the workspace's folder. */
  folderUrl(folder: string): string;
  /** Settles when the server ends by itself or is disposed. */
  readonly ended: Promise<unknown>;
}

const quietSettings: Settings = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "chat.disableAIFeatures": true,
  "git.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "terminal.integrated.gpuAcceleration": "off",
};
const startMilliseconds = 60_000;

/** Installs what is missing and starts a workbench that listens on the loopback interface alone, without a password. */
export async function startWorkbenchServer(options: WorkbenchServerOptions): Promise<WorkbenchServer> {
  const installation = await installWorkbench();
  // Agents run in it when they run on this machine.
  await ensureDebianPackages([{ debianPackage: "tmux", provides: "tmux" }]);
  const { home } = options;
  const userSettings = join(home, "user-data/User/settings.json");
  await mkdir(join(home, "user-data/User"), { recursive: true });
  // Sockets go there, and nobody else makes it.
  await mkdir(join(home, "xdg/runtime"), { recursive: true, mode: 0o700 });
  // An empty configuration file would not parse, and without one code-server writes into the person's home folder.
  await writeFile(join(home, "config.yaml"), "auth: none\n");
  // Only the start reads it: a web workbench does not see the file change.
  await writeFile(userSettings, JSON.stringify({ ...quietSettings, ...options.settings }, undefined, 2));
  const environment = serverEnvironment(home, options.environment ?? {});
  const base = baseArguments(installation, home);
  for (const extension of options.extensions ?? []) {
    const install = [...base, "--install-extension", extension, "--force"];
    await runCommand(installation.node, install, { env: environment });
  }
  const port = options.port ?? (await freePort());
  const logFile = join(home, "server.log");
  const server = await startProcessGroup(
    installation.node,
    [...base, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, ...quietArguments, ...(options.args ?? [])],
    { env: environment, cwd: home, logFile },
  );
  try {
    await untilHealthy(port, server.ended, logFile);
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return {
    port,
    folderUrl: (folder) => `http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}`,
    ended: server.ended,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const quietArguments = [
  "--disable-telemetry",
  "--disable-update-check",
  "--disable-workspace-trust",
  "--disable-getting-started-override",
  "--ignore-last-opened",
];

function baseArguments(installation: WorkbenchInstallation, home: string): string[] {
  return [
    installation.entry,
    `--config=${join(home, "config.yaml")}`,
    `--user-data-dir=${join(home, "user-data")}`,
    `--extensions-dir=${join(home, "extensions")}`,
  ];
}

function serverEnvironment(home: string, added: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  // npm's own variables and an enclosing editor's would change what programs in the workbench do.
  const own = Object.entries(env).filter(([name]) => !/^(?:npm_|VSCODE_|NODE_OPTIONS$|TMUX)/u.test(name));
  return {
    ...Object.fromEntries(own),
    XDG_DATA_HOME: join(home, "xdg/data"),
    XDG_CONFIG_HOME: join(home, "xdg/config"),
    XDG_CACHE_HOME: join(home, "xdg/cache"),
    XDG_RUNTIME_DIR: join(home, "xdg/runtime"),
    ...added,
  };
}

async function untilHealthy(port: number, ended: Promise<unknown>, logFile: string): Promise<void> {
  const started = new AbortController();
  const endedEarly = ended.then(() => {
    throw new Error(`The workbench ended at its start; see ${logFile}`);
  });
  await Promise.race([poll(`http://127.0.0.1:${port}/healthz`, started.signal), endedEarly]).finally(() => {
    started.abort();
    // Once it has started, its end is no error here.
    endedEarly.catch(() => {});
  });
}

async function poll(url: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + startMilliseconds;
  while (!signal.aborted) {
    const healthy = await fetch(url, { signal }).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return;
    if (Date.now() > deadline) throw new Error(`The workbench did not answer on ${url} within a minute`);
    await delay(50);
  }
}
