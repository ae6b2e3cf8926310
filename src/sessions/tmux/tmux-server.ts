import { spawn } from "node:child_process";
import { ProblemError } from "../../lib/problem.ts";
import { tmuxEnvironment } from "./tmux-environment.ts";

/**
 * tmux's own words when there is nobody to talk to: no socket, a socket that a server left behind, or a server whose last
 * session has just gone, which has no target for a command that names none.
 */
const noServer = /^(?:no server running on|error connecting to|lost server|server exited|no current target)/u;

/** The tmux server of one city: `tmux -L SOCKET`. It runs while it has sessions; none is a state like any other. */
export class TmuxServer {
  readonly socket: string;
  readonly env: Readonly<Record<string, string>>;

  /** `env` is where it looks for tmux, its socket and all else that a login shell has. */
  constructor(socket: string, env: Readonly<Record<string, string | undefined>> = process.env) {
    this.socket = socket;
    this.env = tmuxEnvironment(env);
  }

  /** Arguments before each command. */
  get prefix(): readonly string[] {
    return ["-u", "-L", this.socket];
  }

  /** Runs one tmux command; the lines it prints, or undefined when no server runs. Fails with `tmux-failed` or `tmux-missing`. */
  async tryRun(args: readonly string[], input = ""): Promise<readonly string[] | undefined> {
    const { exitCode, stdout, stderr } = await execute([...this.prefix, ...args], this.env, input);
    if (exitCode === 0) return stdout === "" ? [] : stdout.replace(/\n$/u, "").split("\n");
    if (noServer.test(stderr)) return undefined;
    throw tmuxFailed(stderr.trim() || `exit code ${exitCode}`);
  }

  /** As `tryRun`, for a command that needs a server. */
  async run(args: readonly string[], input = ""): Promise<readonly string[]> {
    const lines = await this.tryRun(args, input);
    if (lines) return lines;
    throw tmuxFailed(`no server runs on the socket ${this.socket}`);
  }
}

/** The error for words of tmux's own. */
function tmuxFailed(words: string): ProblemError {
  return new ProblemError({
    code: "tmux-failed",
    reason: `tmux refused: ${words}`,
    action: "Attach to the agent to see its state, or start it again",
  });
}

/** The error for a machine without tmux. */
function tmuxMissing(cause: unknown): ProblemError {
  return new ProblemError(
    {
      code: "tmux-missing",
      reason: "tmux is not installed on this machine",
      action: "Install it with apt-get install tmux or brew install tmux",
    },
    { cause },
  );
}

function execute(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input: string,
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ exitCode: number; stdout: string; stderr: string }>();
  const child = spawn("tmux", args, { env });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  child.on("error", (error: NodeJS.ErrnoException) => reject(error.code === "ENOENT" ? tmuxMissing(error) : error));
  child.on("close", (code) => resolve({ exitCode: code ?? 1, stdout, stderr }));
  // tmux may end before it has read what it does not want.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return promise;
}
