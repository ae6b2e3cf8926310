import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { ProblemError } from "../../lib/problem.ts";
import { sessionExists } from "../session-problems.ts";

/** What a script was asked, and how long it may take, in milliseconds. */
export interface ScriptCall {
  readonly operation: string;
  readonly args: readonly string[];
  readonly input?: string;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** gc's limit for all operations but start (gascity-spec §7.3). */
const usualTimeout = 30_000;
/** The exit code for an operation that the script does not know, which gc takes for success. */
const unknownOperation = 2;

/**
 * Calls a session provider script (gascity-spec §7.3); what it prints, without line ends at its end. Undefined when it does
 * not know the operation. Fails with `session-exists` when it says so, else with `session-failed` and its words, or with
 * the signal's reason.
 */
export async function callScript(script: string, call: ScriptCall): Promise<string | undefined> {
  const { operation, args, input = "", timeout = usualTimeout, signal } = call;
  signal?.throwIfAborted();
  const limit = AbortSignal.timeout(timeout);
  const child = spawn(script, [operation, ...args], {
    stdio: "pipe",
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    killSignal: "SIGTERM",
  });
  // A script need not read what it does not want.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]).catch(
    (error: unknown) => {
      signal?.throwIfAborted();
      throw limit.aborted ? tookTooLong(script, operation, timeout) : cannotRun(script, error);
    },
  );
  if (code === 0) return stdout.replace(/\n+$/u, "");
  if (code === unknownOperation) return undefined;
  throw refused(script, call, stderr.trim() || `exit code ${code}`);
}

function refused(script: string, { operation, args: [name = ""] }: ScriptCall, words: string): ProblemError {
  if (operation === "start" && /already exists/iu.test(words)) return sessionExists(name);
  return new ProblemError({
    code: "session-failed",
    reason: `${script} ${operation} ${name} failed: ${words}`,
    action: "Correct what it names, then try again",
  });
}

function tookTooLong(script: string, operation: string, timeout: number): ProblemError {
  return new ProblemError({
    code: "timed-out",
    reason: `${script} ${operation} took longer than ${timeout / 1000} s`,
    action: "Run it by hand to see what it waits for",
  });
}

function cannotRun(script: string, cause: unknown): ProblemError {
  const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
  return new ProblemError(
    {
      code: "unsupported",
      reason: `The session provider ${script} cannot be run: ${missing ? "there is no such program" : String(cause)}`,
      action: 'Correct provider = "exec:…" in [session] of city.toml, or make the script executable',
    },
    { cause },
  );
}
