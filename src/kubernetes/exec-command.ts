import { ProblemError } from "../lib/problem.ts";
import type { KubernetesConnection } from "./connection.ts";
import { type ExecRequest, openExec } from "./exec-stream.ts";

/** What a command printed, and its exit code. */
export interface ExecOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** How to run a command to its end. */
export interface ExecCommandOptions {
  readonly input?: string | AsyncIterable<Uint8Array> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds; 30 s when left out. */
  readonly timeout?: number;
}

// More than any screen or listing; a command that floods is a mistake.
const maximumOutput = 64 * 1024 * 1024;

/** Runs a command in a container to its end. Fails as `openExec` does, and with `timed-out`. */
export async function execCommand(
  connection: KubernetesConnection,
  target: Pick<ExecRequest, "namespace" | "pod" | "container">,
  command: readonly string[],
  { input, signal, timeout = 30_000 }: ExecCommandOptions = {},
): Promise<ExecOutput> {
  const stream = await openExec(connection, { ...target, command, stdin: input !== undefined, tty: false }, signal);
  const output = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[], length: 0 };
  const keep = (chunks: Uint8Array[]) => (chunk: Uint8Array) => {
    output.length += chunk.length;
    if (output.length > maximumOutput) stream.dispose();
    else chunks.push(chunk);
  };
  stream.onStdout(keep(output.stdout));
  stream.onStderr(keep(output.stderr));
  const cancel = (): void => stream.dispose();
  signal?.addEventListener("abort", cancel, { once: true });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    stream.dispose();
  }, timeout);
  try {
    if (input !== undefined) {
      for await (const chunk of typeof input === "string" ? [input] : input) await stream.write(chunk);
      stream.endInput();
    }
    const exitCode = await stream.ended;
    return { stdout: text(output.stdout), stderr: text(output.stderr), exitCode };
  } catch (error) {
    signal?.throwIfAborted();
    if (timedOut) throw tookTooLong(command, target.pod, timeout);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
    stream.dispose();
  }
}

function text(chunks: readonly Uint8Array[]): string {
  return Buffer.concat(chunks).toString("utf8");
}

function tookTooLong(command: readonly string[], pod: string, timeout: number): ProblemError {
  return new ProblemError({
    code: "timed-out",
    reason: `${command.join(" ").slice(0, 60)} took more than ${timeout / 1000} s in the pod ${pod}`,
    action: "Look at the pod; its node may be overloaded",
  });
}
