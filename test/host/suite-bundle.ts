import { globSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = resolve(fileURLToPath(import.meta.url), "..");

/** Absolute path of the project's root, which is the extension under development. */
export const extensionRoot: string = resolve(here, "../..");
/** Absolute path of the folder for what a run leaves behind. */
export const outputFolder: string = join(extensionRoot, "out/host");

/** Bundles the suite for the extension host, which loads CommonJS; returns the absolute path of its entry module. */
export async function bundleSuite(): Promise<string> {
  await rm(outputFolder, { recursive: true, force: true });
  await mkdir(outputFolder, { recursive: true });
  const tests = globSync("suite/**/*.test.ts", { cwd: here });
  await build({
    absWorkingDir: here,
    entryPoints: ["mocha-entry.ts", ...tests],
    outbase: here,
    outdir: outputFolder,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node22.19",
    sourcemap: "inline",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
  return join(outputFolder, "mocha-entry");
}
