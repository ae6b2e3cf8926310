import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";

/** What a check printed, or why that does not count. */
export interface CheckResult {
  readonly text: string;
  /** Empty when it counts. */
  readonly problem: string;
}

/** More than any number needs, in bytes: a command that floods is none. */
const outputLimit = 64 * 1024;

/**
 * Runs a shell command for what it prints. One that takes longer than `limit` milliseconds, floods or is given up is killed
 * with all that it has started. Never rejects.
 */
export async function runCheck(
  command: string,
  cwd: string,
  {
    env,
    limit,
    signal,
  }: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly limit: number;
    readonly signal: AbortSignal;
  },
): Promise<CheckResult> {
  // A process group of its own, so that all of it can be killed.
  const child = spawn("sh", ["-c", command], {
    cwd,
    env: { ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const limited = AbortSignal.any([signal, AbortSignal.timeout(limit)]);
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
    child.stdout.destroy();
    child.stderr.destroy();
  };
  limited.addEventListener("abort", kill, { once: true });
  let flooded = false;
  const flood = (): void => {
    flooded = true;
    kill();
  };
  try {
    const [[code], text, words] = await Promise.all([
      once(child, "exit") as Promise<[number | null]>,
      upTo(outputLimit, child.stdout, flood),
      upTo(outputLimit, child.stderr, flood),
    ]);
    if (flooded) return { text, problem: "it printed more than 64 KiB" };
    if (signal.aborted) return { text, problem: "it was given up" };
    if (limited.aborted) return { text, problem: `it took longer than ${Math.round(limit / 1000)} s` };
    return { text, problem: code === 0 ? "" : words.trim().split("\n").at(-1) || `exit code ${code}` };
  } catch (error) {
    return { text: "", problem: error instanceof Error ? error.message : String(error) };
  } finally {
    limited.removeEventListener("abort", kill);
    kill();
  }
}

async function upTo(limit: number, stream: Readable, exceeded: () => void): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) exceeded();
    }
  } catch {
    // Destroyed: what was read is all there is.
  }
  return Buffer.concat(chunks).toString("utf8").slice(0, limit);
}
