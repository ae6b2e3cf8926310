import { readFile, readdir, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createVSIX } from "@vscode/vsce";
import { buildBundles } from "./build.mts";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const maximumBytes = 3_000_000;

/** Builds the bundles and packs them into gas-city-VERSION.vsix at the root, whose absolute path it returns. */
export async function packageExtension(): Promise<string> {
  await buildBundles();
  const { name, version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Record<string, string>;
  const older = (await readdir(root)).filter((file) => file.endsWith(".vsix"));
  await Promise.all(older.map((file) => rm(join(root, file))));
  const packagePath = join(root, `${name}-${version}.vsix`);
  await createVSIX({
    cwd: root,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  const { size } = await stat(packagePath);
  if (size >= maximumBytes) {
    throw new Error(`${packagePath} has ${size} bytes; it must stay under ${maximumBytes}. See what dist/ holds.`);
  }
  return packagePath;
}

if (import.meta.main) await packageExtension();
