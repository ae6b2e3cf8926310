import { execFile } from "node:child_process";
import { join } from "node:path";

/** The original program, named by GASCITY_GC; undefined when there is none. */
export const gc = process.env["GASCITY_GC"] || undefined;

/** What is needed, for a machine that lacks it. */
export const gcNeeded = "Set GASCITY_GC to Gas City's own program gc, 0.15.1, to compare with it";

export interface GcResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** The original program. Throws when there is none. */
export function requiredGc(): string {
  if (gc === undefined) throw new Error(gcNeeded);
  return gc;
}

/** Runs gc in a city. Its home is the city's own folder .home; `variables` are more of its environment. */
export function runGc(city: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<GcResult> {
  const options = { env: { ...gcEnvironment(city), ...variables }, cwd: city, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile(requiredGc(), [...args, "--city", city], options, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") return reject(error);
      resolve({ stdout, stderr, code: error ? Number(error.code) : 0 });
    });
  });
}

/** The environment of gc in a city: nothing of it is the person's own but PATH; its tmux servers are those of the test. */
export function gcEnvironment(city: string): NodeJS.ProcessEnv {
  const { PATH, TMUX_TMPDIR } = process.env;
  return { PATH, ...(TMUX_TMPDIR && { TMUX_TMPDIR }), HOME: join(city, ".home") };
}
