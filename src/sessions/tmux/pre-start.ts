import { resolve } from "node:path";
import type { SessionConfig } from "../../city/session-config.ts";
import { ProblemError } from "../../lib/problem.ts";
import { usualStartupTimeout } from "../complete-start.ts";
import { usualSetupTimeout } from "../session-setup.ts";
import { localShell } from "./local-shell.ts";

/**
 * Runs the pre_start commands in the work dir, one after another. Fails with `session-failed` and what the first one that
 * fails printed, or that it took longer than setup_timeout or what is left of startup_timeout, or with the reason of
 * `signal`; a command that is given up ends with all it has started.
 */
export async function preStart(
  config: Pick<SessionConfig, "workDir" | "env" | "preStart" | "setupTimeout" | "startupTimeout">,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const startup = performance.now() + (config.startupTimeout ?? usualStartupTimeout);
  const shell = localShell(resolve(config.workDir), { ...env, ...config.env });
  for (const command of config.preStart) {
    const limit = Math.min(config.setupTimeout ?? usualSetupTimeout, Math.max(0, startup - performance.now()));
    const why = await shell.run(command, { limit, signal });
    if (why !== "") throw failed(command, why);
  }
}

function failed(command: string, why: string): ProblemError {
  return new ProblemError({
    code: "session-failed",
    reason: `pre_start "${command}" failed: ${why}`,
    action: "Correct pre_start in city.toml, or what it needs",
  });
}
