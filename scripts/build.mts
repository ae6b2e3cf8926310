import { chmod } from "node:fs/promises";
import { join, resolve } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { type BuildOptions, type Metafile, type Plugin, build as bundle, context } from "esbuild";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const kubernetesEntry = join(root, "src/runtime/on-kubernetes.ts");
/** What would slow every activation in the extension's own bundle, and how to keep it out. */
const heavyModules = [
  { path: "@kubernetes/client-node/", cure: "import src/runtime/on-kubernetes.ts dynamically" },
  { path: "undici/", cure: "import src/runtime/on-kubernetes.ts dynamically" },
  // Every language's messages, a third of a megabyte.
  { path: "zod/v4/locales/de.js", cure: 'import * as z from "zod", never { z }' },
];

/** Leaves the Kubernetes client out of the extension's bundle: its dynamic imports load the second bundle instead. */
const kubernetesOnFirstUse: Plugin = {
  name: "kubernetes-on-first-use",
  setup(build) {
    build.onResolve({ filter: /on-kubernetes\.ts$/ }, ({ kind, path, resolveDir }) =>
      kind === "dynamic-import" && resolve(resolveDir, path) === kubernetesEntry
        ? { path: "./kubernetes.js", external: true }
        : undefined,
    );
  },
};

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node22.19",
  minify: true,
  // Stack traces name the source's own functions and errors keep their class names.
  keepNames: true,
  sourcemap: "linked",
  metafile: true,
  logLevel: "warning",
  mainFields: ["module", "main"],
  // In CommonJS output dynamic imports become require calls, which evaluate lazily and share one module cache.
  supported: { "dynamic-import": false },
};

const bundles: readonly BuildOptions[] = [
  {
    ...common,
    entryPoints: [join(root, "src/extension.ts")],
    outfile: "dist/extension.js",
    external: ["vscode"],
    plugins: [kubernetesOnFirstUse],
  },
  { ...common, entryPoints: [kubernetesEntry], outfile: "dist/kubernetes.js", external: ["vscode"] },
  {
    ...common,
    entryPoints: [join(root, "src/cli.ts")],
    outfile: "dist/gascity.js",
    banner: { js: "#!/usr/bin/env node" },
  },
];

/** Makes everything in dist. Throws when a bundle does not build, or has in it what it must not. */
export async function buildBundles(): Promise<void> {
  const results = await Promise.all(bundles.map((options) => bundle(options)));
  await chmod(join(root, "dist/gascity.js"), 0o755);
  for (const { metafile } of results) if (metafile) report(metafile);
}

function report({ outputs }: Metafile): void {
  for (const [file, { bytes, inputs }] of Object.entries(outputs)) {
    if (file.endsWith(".map")) continue;
    console.log(`${file.padEnd(20)} ${(bytes / 1024).toFixed(0).padStart(6)} KiB`);
    if (file !== "dist/extension.js") continue;
    for (const { path, cure } of heavyModules) {
      const held = Object.keys(inputs).find((input) => input.includes(`node_modules/${path}`));
      if (held !== undefined) throw new Error(`${file} holds ${held}: ${cure}.`);
    }
  }
}

async function watchBundles(): Promise<void> {
  const contexts = await Promise.all(bundles.map((options) => context({ ...options, logLevel: "info" })));
  await Promise.all(contexts.map((watched) => watched.watch()));
}

if (import.meta.main) await (argv.includes("--watch") ? watchBundles() : buildBundles());
