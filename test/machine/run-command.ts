import { spawn } from "node:child_process";

export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment; this process's own when left out. */
  readonly env?: NodeJS.ProcessEnv;
}

/** What a finished command printed, both streams as they came. */
export interface CommandOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end without a shell. Rejects only when it cannot be started. */
export async function tryCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutput> {
  const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
  return { exitCode, stdout, stderr };
}

/** Like tryCommand, and an exit code other than 0 is an Error that carries the end of what the program printed. */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutput> {
  const output = await tryCommand(file, args, options);
  if (output.exitCode !== 0) {
    const printed = `${output.stdout}\n${output.stderr}`.trim().split("\n").slice(-30).join("\n");
    throw new Error(`${[file, ...args].join(" ")} ended with code ${output.exitCode}:\n${printed}`);
  }
  return output;
}
