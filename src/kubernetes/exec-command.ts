import { ProblemError } from "../lib/problem.ts";
import type { KubernetesConnection } from "./connection.ts";
import { type ExecRequest, type ExecStream, openExec } from "./exec-stream.ts";

/** What a command printed, and its exit code. */
export interface ExecOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** How to run a command to its end. */
export interface ExecCommandOptions {
  /**
   * Given to the command until it ends, then left. The command should read all of it, even if only to fail: Kubernetes
   * does not tell the end of one that leaves a megabyte unread (seen with 1.35 and containerd).
   */
  readonly input?: string | AsyncIterable<Uint8Array> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds, counted anew from each piece of input that went out; 30 s when left out. */
  readonly timeout?: number;
}

// More than any screen or listing; a command that floods is a mistake.
const maximumOutput = 64 * 1024 * 1024;

/** Runs a command in a container to its end. Fails as `openExec` and the input do, and with `timed-out`. */
export async function execCommand(
  connection: KubernetesConnection,
  target: Pick<ExecRequest, "namespace" | "pod" | "container">,
  command: readonly string[],
  { input, signal, timeout = 30_000 }: ExecCommandOptions = {},
): Promise<ExecOutput> {
  const stream = await openExec(connection, { ...target, command, stdin: input !== undefined, tty: false }, signal);
  const end = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    stream.dispose();
  };
  const output = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[], length: 0 };
  const keep = (chunks: Uint8Array[]) => (chunk: Uint8Array) => {
    output.length += chunk.length;
    if (output.length > maximumOutput) fail(flooded(command, target.pod));
    else chunks.push(chunk);
  };
  stream.onStdout(keep(output.stdout));
  stream.onStderr(keep(output.stderr));
  const cancel = (): void => fail(signal?.reason);
  signal?.addEventListener("abort", cancel, { once: true });
  if (signal?.aborted) cancel();
  const timer = setTimeout(() => fail(tookTooLong(command, target.pod, timeout, text(output.stderr))), timeout);
  if (input !== undefined) feed(stream, input, timer, end.signal).catch(fail);
  try {
    const exitCode = await stream.ended;
    return { stdout: text(output.stdout), stderr: text(output.stderr), exitCode };
  } catch (error) {
    throw failure ? failure.error : error;
  } finally {
    end.abort();
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
    stream.dispose();
  }
}

/** A command that ends early leaves input behind; its source is closed then. */
async function feed(
  stream: ExecStream,
  input: string | AsyncIterable<Uint8Array>,
  timer: NodeJS.Timeout,
  end: AbortSignal,
): Promise<void> {
  for await (const chunk of typeof input === "string" ? [input] : input) {
    if (end.aborted) return;
    await stream.write(chunk);
    if (end.aborted) return;
    timer.refresh();
  }
  stream.endInput();
}

function text(chunks: readonly Uint8Array[]): string {
  return Buffer.concat(chunks).toString("utf8");
}

function tookTooLong(command: readonly string[], pod: string, timeout: number, stderr: string): ProblemError {
  const said = stderr.replaceAll(/\s+/gu, " ").trim().slice(-200);
  return new ProblemError({
    code: "timed-out",
    reason: `${command.join(" ").slice(0, 60)} took more than ${timeout / 1000} s in the pod ${pod}${said && `; it said: ${said}`}`,
    action: "Look at the pod; its node may be overloaded",
  });
}

function flooded(command: readonly string[], pod: string): ProblemError {
  return new ProblemError({
    code: "session-failed",
    reason: `${command.join(" ").slice(0, 60)} printed more than ${maximumOutput / 1024 / 1024} MiB in the pod ${pod}`,
    action: "Run it in a terminal attached to the pod, or let it print less",
  });
}
