import { resolve } from "node:path";
import type { SessionConfig } from "../../city/session-config.ts";

/** What gc sets (gascity-spec §7.1), and what keeps a person's own tmux.conf from ending or swapping agents. */
const options = [
  ["remain-on-exit", "on"],
  ["window-size", "latest"],
  ["monitor-activity", "off"],
  ["mouse", "off"],
  ["destroy-unattached", "off"],
  ["detach-on-destroy", "on"],
] as const;

/**
 * Arguments for tmux that make a session. One command line, so that nobody sees the session without its options.
 * `shell` runs the command where variables are to be unset, which an empty value in `env` means.
 */
export function newSession(
  name: string,
  config: Pick<SessionConfig, "workDir" | "command" | "env">,
  shell: string,
): readonly string[] {
  const env = Object.entries(config.env);
  const set = env.flatMap(([key, value]) => (value === "" ? [] : ["-e", `${key}=${value}`]));
  const unset = env.flatMap(([key, value]) => (value === "" ? ["-u", key] : []));
  const create = ["new-session", "-d", "-s", name, "-c", resolve(config.workDir), ...set];
  const setOptions = options.flatMap(([key, value]) => [";", "set-option", "-t", `=${name}:`, key, value]);
  return [...[...create, ...command(config.command, unset, shell)].map(literal), ...setOptions];
}

/** tmux gives one argument to its default shell, and runs several as they are. */
function command(line: string, unset: readonly string[], shell: string): readonly string[] {
  if (unset.length === 0) return line === "" ? [] : [line];
  return ["env", ...unset, shell, ...(line === "" ? ["-l"] : ["-c", line])];
}

/** tmux takes a semicolon at the end of an argument for the end of its command. */
function literal(argument: string): string {
  return argument.replace(/;$/u, "\\;");
}
