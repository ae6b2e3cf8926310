import { readFile } from "node:fs/promises";
import { problemOf } from "../../lib/problem.ts";
import type { AgentShell, ShellLimits } from "../agent-shell.ts";
import type { PodCalls, PodRef } from "./pod-calls.ts";
import { tail } from "./pod-failure.ts";
import { agentContainer } from "./pod-manifest.ts";
import type { PodPlaces } from "./pod-places.ts";
import type { PodView } from "./pod-view.ts";

/** A tmux for scripts that have the agent's own session name as their target, as packs' themes do; in a pod it is `main`. */
const mappedTmux = `#!/bin/sh
name=$GC_SETUP_NAME before=
for word; do
  shift
  if [ "$before" = -t ]; then
    case $word in
      "$name" | "$name:"*) word=main\${word#"$name"} ;;
      "=$name" | "=$name:"*) word="=main\${word#"=$name"}" ;;
    esac
  fi
  before=$word
  set -- "$@" "$word"
done
exec "$GC_SETUP_TMUX" "$@"
`;

/**
 * Runs the command behind `$3` with `$3` as its tmux where the session is called `$2`, and ends it in the pod when it
 * takes longer than `$1` seconds, where the image has `timeout`: the end of a stream alone ends nothing there.
 */
const beside = `
limit=$1 tmux=$3
export GC_SESSION=main GC_SETUP_NAME="$2" GC_SETUP_TMUX="$(command -v tmux)"
unset GC_TMUX_SOCKET
shift 3
if bin=$(mktemp -d 2>/dev/null); then
  trap 'rm -rf "$bin"' EXIT
  printf %s "$tmux" >"$bin/tmux" && chmod 700 "$bin/tmux" && PATH="$bin:$PATH"
fi
if command -v timeout >/dev/null; then timeout "$limit" "$@"; else "$@"; fi
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
 * A shell in the agent's container, in its work dir. Paths of `places` are those of the pod there; GC_SESSION is
 * the name of the session in the pod's tmux, and the agent's own session name means the same there.
 */
export function podShell(
  calls: Pick<PodCalls, "run">,
  pod: PodRef & Pick<PodView, "session">,
  places: PodPlaces,
): AgentShell {
  const run = async (argv: readonly string[], { limit, signal }: ShellLimits, input?: string): Promise<string> => {
    const command = ["sh", "-c", beside, "sh", String(limit / 1000), pod.session, mappedTmux, ...argv];
    const options = { signal, timeout: limit + travel, ...(input !== undefined && { input }) };
    const { exitCode, stdout, stderr } = await calls.run(pod, agentContainer, command, options);
    if (exitCode === 0) return "";
    const words = tail(stderr) || tail(stdout);
    if (exitCode === ended) return `it took longer than ${limit / 1000} s${words && `; it said: ${words}`}`;
    return words || `exit code ${exitCode}`;
  };
  return {
    run: (command, limits) => run(["sh", "-c", places.command(command)], limits),
    runScript: async (path, limits) => {
      let text: string;
      try {
        text = await readFile(path, "utf8");
      } catch (error) {
        return problemOf(error).reason;
      }
      return run(["sh", "-c", runHereOrGiven, "sh", places.path(path) ?? ""], limits, text);
    },
  };
}
