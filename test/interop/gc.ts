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

/** Runs gc in a city. Its home is the city's own folder .home. */
export function runGc(city: string, ...args: readonly string[]): Promise<GcResult> {
  const env = { PATH: process.env["PATH"], HOME: join(city, ".home") };
  return new Promise((resolve, reject) => {
    if (gc === undefined) return reject(new Error(gcNeeded));
    execFile(
      gc,
      [...args, "--city", city],
      { env, cwd: city, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== "number") return reject(error);
        resolve({ stdout, stderr, code: error ? Number(error.code) : 0 });
      },
    );
  });
}
