import { execFile } from "node:child_process";
import { join } from "node:path";

/** The original program, named by GASCITY_GC; undefined when there is none. */
export const gc = process.env["GASCITY_GC"];

/** What is needed, for a machine that lacks it. */
export const gcNeeded = "Set GASCITY_GC to Gas City's own program gc, 0.15.1, to compare with it";

export interface GcResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** What gc runs in: its home is the city's own folder .home, its tmux servers are those of the test. */
export function gcEnv(city: string): Record<string, string | undefined> {
  const { PATH, TMUX_TMPDIR } = process.env;
  return { PATH, TMUX_TMPDIR, HOME: join(city, ".home") };
}

/** Runs gc in a city. */
export function runGc(city: string, ...args: readonly string[]): Promise<GcResult> {
  return new Promise((resolve, reject) => {
    if (gc === undefined) return reject(new Error(gcNeeded));
    execFile(
      gc,
      [...args, "--city", city],
      { env: gcEnv(city), cwd: city, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== "number") return reject(error);
        resolve({ stdout, stderr, code: error ? Number(error.code) : 0 });
      },
    );
  });
}
