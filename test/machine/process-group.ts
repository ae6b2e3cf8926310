import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { kill } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { guard } from "./guardian.ts";

/** A program and everything it starts, ended together. */
export interface ProcessGroup extends AsyncDisposable {
  readonly pid: number;
  /** Settles with the exit code (or the signal's name) when the program itself ends. */
  readonly ended: Promise<number | string>;
}

export interface ProcessGroupOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The file that gets what the program prints. */
  readonly logFile: string;
  /** What the group has between SIGTERM and SIGKILL, in milliseconds; five seconds when left out. */
  readonly grace?: number;
}

/**
 * Starts a program as the leader of a new process group. Disposing it ends the group: SIGTERM, and SIGKILL after the grace.
 * When this process ends without that, the group ends in the same way.
 */
export async function startProcessGroup(
  file: string,
  args: readonly string[],
  options: ProcessGroupOptions,
): Promise<ProcessGroup> {
  const { logFile, grace = 5000, ...spawnOptions } = options;
  const log = createWriteStream(logFile, { flags: "a" });
  const child: ChildProcess = spawn(file, args, {
    ...spawnOptions,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const ended = new Promise<number | string>((resolve) => {
    child.on("exit", (code, signal) => resolve(code ?? signal ?? 1));
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  const pid = child.pid as number;
  const guardian = guard('kill -TERM "-$1"; sleep 5; kill -KILL "-$1"', [String(pid)]);
  return {
    pid,
    ended,
    async [Symbol.asyncDispose]() {
      await endGroup(pid, grace);
      guardian[Symbol.dispose]();
      log.end();
    },
  };
}

async function endGroup(pid: number, grace: number): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    signalGroup(pid, signal);
    const deadline = Date.now() + grace;
    while (Date.now() < deadline) {
      if (!signalGroup(pid, 0)) return;
      await delay(20);
    }
  }
}

/** False when nobody of the group is left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    kill(-pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
