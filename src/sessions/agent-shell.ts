/** How long a command may take, in milliseconds, and what gives it up before. */
export interface ShellLimits {
  readonly limit: number;
  readonly signal: AbortSignal;
}

/**
 * A shell beside an agent, on its machine and in its work dir, with the variables of its session. A command that takes
 * too long or is given up ends there. Rejects when nothing could be run, or with the signal's reason.
 */
export interface AgentShell {
  /** Resolves with why the command failed, its own words if it had any; empty when it succeeded. */
  run(command: string, limits: ShellLimits): Promise<string>;
  /** The same with a script of the controller's machine, run as a program if it may be, else by `sh`. */
  runScript(path: string, limits: ShellLimits): Promise<string>;
}
