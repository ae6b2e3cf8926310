import { ProblemError } from "../../lib/problem.ts";
import type { CommandResult, PodRef } from "./pod-calls.ts";

const otherPod = { exitCode: 87, stderr: "this is another pod" };

const script = `
uid=$1 mounts=$2 input=$3
shift 3
case $(cat "$mounts" 2>/dev/null) in
  */pods/$uid/*) ;;
  */pods/????????-????-????-????-????????????/*)
    if [ "$input" = ends ]; then cat >/dev/null; fi
    echo '${otherPod.stderr}' >&2
    exit ${otherPod.exitCode}
esac
exec "$@"
`;

/**
 * The command, which does not run in another pod that has got the name by now. The exec API goes by name and has no
 * precondition, so that the pod itself is asked: the kubelet mounts every container's hosts file and termination log from
 * a folder that is named after the pod's UID.
 *
 * Guaranteed where the mounts show that folder, as they do in containers that share their node's kernel: the command
 * starts in this very pod or not at all. It takes the checking process's place, so nothing can change in between, and the
 * check needs no request. Not guaranteed in a sandbox with a kernel of its own, whose mounts name no pod: there the
 * command runs, and only what the watch has told by then keeps it from another pod.
 *
 * Input that `ends` is read to its end in any case, because the end of a command is told only after that; other input
 * never ends.
 */
export function onlyInPod(
  uid: string,
  argv: readonly string[],
  input: "ends" | "stays open",
  mounts = "/proc/self/mountinfo",
): readonly string[] {
  return ["sh", "-c", script, "sh", uid, mounts, input, ...argv];
}

/**
 * Fails with `session-missing` when what a command said last, and its exit code, tell that it was meant for a pod that is
 * gone.
 */
export function checkPod(pod: PodRef, { exitCode, stderr }: Pick<CommandResult, "exitCode" | "stderr">): void {
  if (exitCode !== otherPod.exitCode || !stderr.trimEnd().endsWith(otherPod.stderr)) return;
  throw new ProblemError({
    code: "session-missing",
    reason: `The pod ${pod.podName} was made anew in between`,
    action: "Try again",
  });
}
