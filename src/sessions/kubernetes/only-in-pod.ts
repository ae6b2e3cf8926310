import { ProblemError } from "../../lib/problem.ts";
import type { CommandResult, PodRef } from "./pod-calls.ts";

const otherPod = { exitCode: 87, stderr: "this is another pod" };

/**
 * The kubelet mounts a pod's hosts file and termination log from a folder that is named after the pod's UID. Without
 * such mounts (a sandbox with a kernel of its own) nothing can be told, and the command runs.
 */
const script = `
uid=$1 input=$2 same= other=
shift 2
while read -r line; do
  case $line in
    */pods/$uid/*) same=1 ;;
    */pods/????????-????-????-????-????????????/*) other=1 ;;
  esac
done </proc/self/mountinfo
if [ -z "$same" ] && [ -n "$other" ]; then
  if [ "$input" = ends ]; then cat >/dev/null; fi
  echo '${otherPod.stderr}' >&2
  exit ${otherPod.exitCode}
fi
exec "$@"
`;

/**
 * The command, which does not run in another pod that has got the name by now. The exec API has no precondition, so that
 * the pod itself is asked: no request more, and nothing can change in between. Input that `ends` is read to its end in any
 * case, because the end of a command is told only after that; other input never ends.
 */
export function onlyInPod(uid: string, argv: readonly string[], input: "ends" | "stays open"): readonly string[] {
  return ["sh", "-c", script, "sh", uid, input, ...argv];
}

/** Fails with `session-missing` when the command was meant for a pod that is gone. */
export function checkPod(pod: PodRef, { exitCode, stderr }: CommandResult): void {
  if (exitCode !== otherPod.exitCode || stderr.trim() !== otherPod.stderr) return;
  throw new ProblemError({
    code: "session-missing",
    reason: `The pod ${pod.podName} was made anew in between`,
    action: "Try again",
  });
}
