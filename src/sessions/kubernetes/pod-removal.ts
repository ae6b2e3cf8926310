import { setTimeout as delay } from "node:timers/promises";
import { ProblemError } from "../../lib/problem.ts";
import type { PodCalls, PodRef } from "./pod-calls.ts";
import { untilOnBoard } from "./pod-waits.ts";
import type { SessionBoard } from "./session-board.ts";

// Ten times the grace period that a pod gets (5 s), and a slow node's pause.
const goneLimit = 60_000;
// How long the watch may lag behind what the API server itself says.
const lag = 1000;

/**
 * Deletes these pods and no other ones that may have taken their names, and resolves when they are gone. Fails with
 * `timed-out` when one is still there after a minute, which means that its node does not answer.
 */
export async function removePods(
  board: SessionBoard,
  calls: Pick<PodCalls, "remove" | "get">,
  pods: readonly PodRef[],
  signal: AbortSignal,
): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(goneLimit)]);
  await Promise.all(
    pods.map(async (pod) => {
      try {
        await calls.remove(pod, limit);
        await untilGone(board, calls, pod, limit);
      } catch (error) {
        if (limit.aborted && !signal.aborted) throw stillThere(pod.podName);
        throw error;
      }
    }),
  );
}

async function untilGone(
  board: SessionBoard,
  calls: Pick<PodCalls, "get">,
  { podName, uid }: PodRef,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await untilOnBoard(board, () => (board.pods.has(uid) ? undefined : true), signal);
    // A watch that has not yet shown the pod at all looks the same.
    if ((await calls.get(podName, signal))?.uid !== uid) return;
    await delay(lag, undefined, { signal });
  }
}

function stillThere(podName: string): ProblemError {
  return new ProblemError({
    code: "timed-out",
    reason: `The pod ${podName} is still there a minute after its deletion`,
    action: "Check its node; if the node is lost, delete the pod by force",
  });
}
