import { randomUUID } from "node:crypto";
import type { V1Pod } from "@kubernetes/client-node";
import type { KubernetesSettings } from "../../city/kubernetes-settings.ts";
import { ProblemError } from "../../lib/problem.ts";
import type { PodCalls } from "./pod-calls.ts";
import { podFailure, tidy, withReason, withWords } from "./pod-failure.ts";
import { agentContainer } from "./pod-manifest.ts";
import { podResources } from "./pod-resources.ts";
import { podSecurity } from "./pod-security.ts";
import type { PodView } from "./pod-view.ts";
import { untilOnBoard } from "./pod-waits.ts";
import { SessionBoard } from "./session-board.ts";

/** In milliseconds: gc gives no operation but start longer than 30 s (gascity-spec §7.3), and the pod has to go, too. */
const limit = 25_000;
/** Its value is one check's own. No session's pod has it, and a check's pod has no session's label. */
const checkLabel = "gascity-image-check";

/** What every agent's pod needs (k8s-wire §8). */
const lookForPrograms =
  "for program in tmux base64 tar mkdir cp touch; do " +
  'command -v "$program" >/dev/null || { echo "$program is not in it"; exit 1; }; done';

/**
 * Runs an image as an agent's container would be, in a pod that is deleted then, and looks for the programs that agents
 * need. Fails with `image-unusable` when it cannot be pulled or run or lacks one of them, with `timed-out` when the cluster
 * has not said anything against it, but has not run it within 25 s either.
 */
export async function checkImage(
  calls: PodCalls,
  settings: KubernetesSettings,
  image: string,
  signal: AbortSignal,
): Promise<void> {
  const id = randomUUID().slice(0, 8);
  const board = new SessionBoard();
  const watch = calls.watch(`${checkLabel}=${id}`, board);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(tooLong(image, board)), limit);
  try {
    signal.throwIfAborted();
    const secret = { name: "", values: {} };
    const pod = await calls.create({ pod: checkingPod(id, image, settings), secret, claim: undefined });
    if (!pod) throw new Error(`there is a pod for the image check ${id} already`);
    try {
      await untilOnBoard(board, () => hasRun(image, board.pods.get(pod.uid)), AbortSignal.any([signal, late.signal]));
    } finally {
      await calls.remove(pod);
    }
  } finally {
    clearTimeout(timer);
    watch.dispose();
    board.dispose();
  }
}

/** True when it has; undefined when it is not known yet. Fails with `image-unusable`. */
function hasRun(image: string, pod: PodView | undefined): true | undefined {
  // That no node has room says nothing of the image.
  if (!pod?.scheduled) return undefined;
  const failure = podFailure(pod);
  if (failure) throw unusable(image, failure.reason, failure.action);
  const { agent } = pod;
  if (agent.state !== "terminated") return undefined;
  if (agent.exitCode === 0) return true;
  const how = `its shell ended with exit code ${agent.exitCode}${withReason(agent)}${withWords(agent)}`;
  throw unusable(image, how, "Install tmux and what a shell needs in the image");
}

function checkingPod(id: string, image: string, settings: KubernetesSettings): V1Pod {
  const { pod, container } = podSecurity({});
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `gascity-image-check-${id}`, namespace: settings.namespace, labels: { [checkLabel]: id } },
    spec: {
      restartPolicy: "Never",
      // Should nobody be left to delete it.
      activeDeadlineSeconds: (2 * limit) / 1000,
      ...(pod ? { securityContext: pod } : {}),
      ...(settings.serviceAccount ? { serviceAccountName: settings.serviceAccount } : {}),
      containers: [
        {
          name: agentContainer,
          image,
          imagePullPolicy: "Always",
          command: ["/bin/sh", "-c", lookForPrograms],
          resources: podResources(settings),
          terminationMessagePolicy: "FallbackToLogsOnError",
          ...(container ? { securityContext: container } : {}),
        },
      ],
    },
  };
}

function unusable(image: string, why: string, action: string): ProblemError {
  return new ProblemError({ code: "image-unusable", reason: `No agent can run in the image ${image}: ${why}`, action });
}

function tooLong(image: string, { pods, problem }: SessionBoard): ProblemError {
  const [pod] = pods.values();
  const why = problem?.reason || pod?.unschedulable || pod?.agent.reason || "its pod was not seen";
  return new ProblemError({
    code: "timed-out",
    reason: `Whether an agent can run in the image ${image} was not known after ${limit / 1000} s (${tidy(why)})`,
    action: "Start an agent: that waits longer for its image",
  });
}
