import { readFile } from "node:fs/promises";
import type { SessionConfig } from "../../city/session-config.ts";
import { problemOf } from "../../lib/problem.ts";
import type { AgentShell, ShellLimits } from "../agent-shell.ts";
import type { PodCalls, PodRef } from "./pod-calls.ts";
import { tail } from "./pod-failure.ts";
import { agentContainer } from "./pod-manifest.ts";
import { cityPathOf, commandInPod, podPath } from "./pod-paths.ts";

/**
 * Ends the command in the pod when it takes longer than `$1` seconds, where the image has `timeout`; the end of a stream
 * alone ends nothing there. The rest is the command.
 */
const inTime = `
limit=$1; shift
if command -v timeout >/dev/null; then exec timeout "$limit" "$@"; fi
exec "$@"
`;

/** What `timeout` exits with when it has ended the command. */
const ended = 124;

/** Runs the script at `$1` if it came with the city's files, else the one on its input. */
const runHereOrGiven = `
if [ -f "$1" ]; then
  cat >/dev/null
  if [ -x "$1" ]; then exec "$1"; fi
  exec sh "$1"
fi
script=$(mktemp) && cat >"$script" && chmod 700 "$script" && "$script" </dev/null
code=$?
rm -f "$script"
exit $code
`;

// More than the way to the pod and back takes, in milliseconds.
const travel = 10_000;

/**
 * A shell in the agent's container, in its work dir. Paths of the city's folder are those of the pod there; GC_SESSION is
 * the name of the session in the pod's tmux.
 */
export function podShell(calls: Pick<PodCalls, "run">, pod: PodRef, config: SessionConfig): AgentShell {
  const city = cityPathOf(config.env);
  const run = async (argv: readonly string[], { limit, signal }: ShellLimits, input?: string): Promise<string> => {
    const command = ["env", "GC_SESSION=main", "sh", "-c", inTime, "sh", String(limit / 1000), ...argv];
    const options = { signal, timeout: limit + travel, ...(input !== undefined && { input }) };
    const { exitCode, stdout, stderr } = await calls.run(pod, agentContainer, command, options);
    if (exitCode === 0) return "";
    const words = tail(stderr) || tail(stdout);
    if (exitCode === ended) return `it took longer than ${limit / 1000} s${words && `; it said: ${words}`}`;
    return words || `exit code ${exitCode}`;
  };
  return {
    run: (command, limits) => run(["sh", "-c", commandInPod(command, city)], limits),
    runScript: async (path, limits) => {
      let text: string;
      try {
        text = await readFile(path, "utf8");
      } catch (error) {
        return problemOf(error).reason;
      }
      return run(["sh", "-c", runHereOrGiven, "sh", podPath(path, city) ?? ""], limits, text);
    },
  };
}
