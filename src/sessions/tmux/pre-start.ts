import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { SessionConfig } from "../../city/session-config.ts";
import { ProblemError } from "../../lib/problem.ts";
import { endProcessTree } from "./process-tree.ts";

/** gc's default for [session] setup_timeout, in milliseconds (gascity-spec §1.7). */
const timeLimit = 10_000;

/**
 * Runs one pre_start command in the work dir. Fails with `session-failed` and what it printed, or with the reason of
 * `signal`; a command that is given up ends with all it has started.
 */
export async function preStart(
  command: string,
  config: Pick<SessionConfig, "workDir" | "env">,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const child = spawn("sh", ["-c", command], {
    cwd: resolve(config.workDir),
    env: { ...env, ...config.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeLimit)]);
  try {
    const why = await untilDone(child, limited);
    if (why !== "") throw failed(command, why);
  } catch (error) {
    if (limited.aborted && child.pid !== undefined) await endProcessTree(child.pid, process.pid);
    // What it has left behind may still hold them.
    child.stdout.destroy();
    child.stderr.destroy();
    signal.throwIfAborted();
    throw limited.aborted ? failed(command, `it took longer than ${timeLimit / 1000} s`) : error;
  }
}

/** Why the command failed; empty when it did not. */
async function untilDone(child: ChildProcessByStdio<null, Readable, Readable>, signal: AbortSignal): Promise<string> {
  const output = Promise.all([text(child.stderr), text(child.stdout)]).catch(() => ["", ""]);
  const [code] = (await once(child, "close", { signal })) as [number | null];
  if (code === 0) return "";
  const [stderr = "", stdout = ""] = await output;
  return stderr.trim() || stdout.trim() || `exit code ${code}`;
}

function failed(command: string, why: string): ProblemError {
  return new ProblemError({
    code: "session-failed",
    reason: `pre_start "${command}" failed: ${why}`,
    action: "Correct pre_start in city.toml, or what it needs",
  });
}
