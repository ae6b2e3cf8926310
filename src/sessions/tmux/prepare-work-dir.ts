import { execFile } from "node:child_process";
import { cp, mkdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { SessionConfig } from "../../city/session-config.ts";
import { ProblemError, problemOf } from "../../lib/problem.ts";

const run = promisify(execFile);

/** gc's default for [session] setup_timeout (gascity-spec §1.7). */
const commandTimeout = 10_000;

/**
 * Makes the work dir, copies overlay and files into it, runs pre_start. What is to be copied and does not exist is
 * skipped, as in pods. Fails with `session-failed` at the first thing that does not work.
 */
export async function prepareWorkDir(
  config: SessionConfig,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await mkdir(config.workDir, { recursive: true });
    if (config.overlayDir) await copy(config.overlayDir, config.workDir);
    for (const { src, relDst } of config.copyFiles) await copy(src, join(config.workDir, relDst));
  } catch (error) {
    throw failed(problemOf(error).reason, "Check that the folder may be written and what is copied may be read", error);
  }
  for (const command of config.preStart) await runFirst(command, config, env, signal);
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

async function runFirst(
  command: string,
  config: SessionConfig,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const options = { cwd: config.workDir, env: { ...env, ...config.env }, timeout: commandTimeout, signal };
  try {
    await run("sh", ["-c", command], options);
  } catch (error) {
    signal.throwIfAborted();
    const { stdout = "", stderr = "", killed, code } = error as Partial<FailedCommand>;
    const output = stderr.trim() || stdout.trim();
    const why = killed ? `it took longer than ${commandTimeout / 1000} s` : output || `exit code ${code}`;
    throw failed(`pre_start "${command}" failed: ${why}`, "Correct pre_start in city.toml, or what it needs", error);
  }
}

/** What execFile rejects with (node:child_process). */
interface FailedCommand {
  readonly stdout: string;
  readonly stderr: string;
  readonly killed: boolean;
  readonly code: number | string;
}

function failed(reason: string, action: string, cause: unknown): ProblemError {
  return new ProblemError({ code: "session-failed", reason, action }, { cause });
}
