import { execFile } from "node:child_process";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { SessionConfig } from "../../city/session-config.ts";
import { ProblemError } from "../../lib/problem.ts";

const run = promisify(execFile);

/** gc's default for [session] setup_timeout (gascity-spec §1.7). */
const commandTimeout = 10_000;

/** Makes the work dir, copies overlay and files into it, runs pre_start. The first failure is final. */
export async function prepareWorkDir(
  config: SessionConfig,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(config.workDir, { recursive: true });
  if (config.overlayDir) await cp(config.overlayDir, config.workDir, { recursive: true });
  for (const { src, relDst } of config.copyFiles) await cp(src, join(config.workDir, relDst), { recursive: true });
  for (const command of config.preStart) {
    try {
      const options = { cwd: config.workDir, env: { ...env, ...config.env }, timeout: commandTimeout, signal };
      await run("sh", ["-c", command], options);
    } catch (error) {
      signal.throwIfAborted();
      const { stderr = "", killed = false } = error as { stderr?: string; killed?: boolean };
      const why = killed ? `it took longer than ${commandTimeout / 1000} s` : stderr.trim() || String(error);
      throw new ProblemError(
        {
          code: "session-failed",
          reason: `pre_start "${command}" failed: ${why}`,
          action: "Correct pre_start in city.toml, or what it needs",
        },
        { cause: error },
      );
    }
  }
}
