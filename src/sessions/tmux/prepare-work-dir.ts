import { cp, mkdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { SessionConfig } from "../../city/session-config.ts";
import { ProblemError, problemOf } from "../../lib/problem.ts";
import { composeOverlay } from "../compose-overlay.ts";
import { preStart } from "./pre-start.ts";

/**
 * Makes the work dir (none given: this process's own), copies overlays and files into it, runs pre_start. What is to be
 * copied and does not exist is skipped, as in pods. Fails with `session-failed` at the first thing that does not work.
 */
export async function prepareWorkDir(
  config: SessionConfig,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const workDir = resolve(config.workDir);
  try {
    await mkdir(workDir, { recursive: true });
    await using overlay = await composeOverlay(config, (path) =>
      readFile(join(workDir, path), "utf8").catch(ignoreMissing),
    );
    if (overlay) await copy(overlay.folder, workDir);
    for (const { src, relDst } of config.copyFiles) await copy(src, join(workDir, relDst));
  } catch (error) {
    const action = "Check that the folder may be written and what is copied may be read";
    throw new ProblemError({ code: "session-failed", reason: problemOf(error).reason, action }, { cause: error });
  }
  await preStart(config, env, signal);
}

/** A folder's content goes into `destination`; a file becomes it, or goes into it where that is a folder. */
async function copy(source: string, destination: string): Promise<void> {
  const from = await stat(source).catch(ignoreMissing);
  const to = await stat(destination).catch(ignoreMissing);
  if (!from) return;
  const target = !from.isDirectory() && to?.isDirectory() ? join(destination, basename(source)) : destination;
  if (resolve(source) !== resolve(target)) await cp(source, target, { recursive: true });
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
