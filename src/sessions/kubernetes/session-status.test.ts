import type { V1Pod, V1PodStatus } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { podView } from "./pod-view.ts";
import { type Sight, notLooked, statusOf } from "./session-status.ts";

const scheduled = { type: "PodScheduled", status: "True" };
const alive: Sight = { tmux: "alive", message: "" };

function pod(status: V1PodStatus, change: { stage?: boolean; deleting?: boolean } = {}): V1Pod {
  const time = new Date("2026-01-02T03:04:05Z");
  return {
    metadata: {
      name: "demo-mayor",
      uid: "u1",
      labels: { app: "gc-agent", "gc-session": "Demo-Mayor" },
      annotations: { "gc-session-name": "Demo/Mayor" },
      creationTimestamp: time,
      ...(change.deleting ? { deletionTimestamp: time } : {}),
    },
    spec: { containers: [{ name: "agent" }], ...(change.stage ? { initContainers: [{ name: "stage" }] } : {}) },
    status,
  };
}

function waiting(reason: string, message = ""): V1PodStatus {
  return {
    phase: "Pending",
    conditions: [scheduled],
    containerStatuses: [container({ waiting: { reason, message } })],
  };
}

function container(state: object, name = "agent"): NonNullable<V1PodStatus["containerStatuses"]>[number] {
  return { name, image: "i", imageID: "", ready: false, restartCount: 0, state };
}

const containerStatuses = [container({ running: {} })];
const running: V1PodStatus = { phase: "Running", conditions: [scheduled], containerStatuses };
const nodeNotReady = { type: "Ready", status: "False", reason: "NodeNotReady" };
const stageRunning: V1PodStatus = {
  phase: "Pending",
  conditions: [scheduled],
  initContainerStatuses: [container({ running: {} }, "stage")],
  containerStatuses: [container({ waiting: { reason: "PodInitializing" } })],
};
const terminated = (exitCode: number, reason: string): V1PodStatus => ({
  phase: "Failed",
  conditions: [scheduled],
  containerStatuses: [container({ terminated: { exitCode, reason } })],
});

describe("statusOf", () => {
  it.each<[string, V1Pod, Sight, string, RegExp, RegExp]>([
    ["just created", pod({}), notLooked, "starting", /Waiting for a node/u, /^$/u],
    [
      "unschedulable",
      pod({
        phase: "Pending",
        conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes: cpu." }],
      }),
      notLooked,
      "failed",
      /No node can take the pod: 0\/3 nodes: cpu$/u,
      /cpu_request/u,
    ],
    ["on a node", pod({ phase: "Pending", conditions: [scheduled] }), notLooked, "starting", /Pulling/u, /^$/u],
    ["being created", pod(waiting("ContainerCreating")), notLooked, "starting", /Pulling/u, /^$/u],
    ["image not found", pod(waiting("ErrImagePull", "no: not\nfound")), notLooked, "failed", /no: not found/u, /tag/u],
    ["image given up", pod(waiting("ImagePullBackOff")), notLooked, "failed", /\(ImagePullBackOff\)/u, /tag/u],
    ["bad image name", pod(waiting("InvalidImageName")), notLooked, "failed", /name is not valid/u, /Correct/u],
    [
      "an image for root",
      pod(waiting("CreateContainerConfigError", "container has runAsNonRoot and image will run as root (pod: x)")),
      notLooked,
      "failed",
      /The image's user is not accepted: .*run as root/u,
      /Give the image a USER, or .*pod_security = "baseline"/u,
    ],
    [
      "an image for a user without a number",
      pod(
        waiting("CreateContainerConfigError", "runAsNonRoot and image has non-numeric user (gcagent), cannot verify"),
      ),
      notLooked,
      "failed",
      /non-numeric user/u,
      /Set run_as_user in kubernetes\.toml to the number of the user gcagent/u,
    ],
    ["bad config", pod(waiting("CreateContainerConfigError", "no secret")), notLooked, "failed", /no secret/u, /./u],
    ["staging", pod(stageRunning, { stage: true }), notLooked, "starting", /Copying/u, /^$/u],
    [
      "staging failed",
      pod(
        { phase: "Failed", initContainerStatuses: [container({ terminated: { exitCode: 2 } }, "stage")] },
        { stage: true },
      ),
      notLooked,
      "failed",
      /exit code 2/u,
      /workspace/u,
    ],
    ["not looked into", pod(running), notLooked, "starting", /Looking/u, /^$/u],
    ["without tmux yet", pod(running), { tmux: "absent", message: "" }, "starting", /tmux/u, /^$/u],
    ["alive", pod(running), alive, "running", /^$/u, /^$/u],
    ["alive after staging", pod(running, { stage: true }), alive, "running", /^$/u, /^$/u],
    ["agent gone", pod(running), { tmux: "ended", message: "" }, "exited", /agent has ended/u, /^$/u],
    ["hidden", pod(running), { tmux: "hidden", message: "403" }, "running", /cannot be seen: 403/u, /pods\/exec/u],
    ["being deleted", pod(running, { deleting: true }), alive, "stopping", /^$/u, /^$/u],
    ["succeeded", pod({ phase: "Succeeded" }), notLooked, "exited", /ended/u, /^$/u],
    ["crashed", pod(terminated(1, "Error")), notLooked, "exited", /exit code 1$/u, /^$/u],
    ["out of memory", pod(terminated(137, "OOMKilled")), notLooked, "exited", /137 \(OOMKilled\)/u, /mem_limit/u],
    ["without tmux in the image", pod(terminated(127, "Error")), notLooked, "failed", /127/u, /tmux/u],
    [
      "evicted",
      pod({ phase: "Failed", reason: "Evicted", message: "low on memory." }),
      notLooked,
      "exited",
      /Evicted: low on memory$/u,
      /Start/u,
    ],
    ["refused by the node", pod({ phase: "Failed", reason: "OutOfcpu" }), notLooked, "failed", /OutOfcpu/u, /Start/u],
    [
      "on a lost node",
      pod({ phase: "Running", conditions: [scheduled, nodeNotReady], containerStatuses }),
      alive,
      "running",
      /does not answer/u,
      /node/u,
    ],
  ])("reads a pod %s", (_, given, sight, state, reason, action) => {
    const status = statusOf(podView(given), sight);
    expect(status).toMatchObject({ name: "Demo/Mayor", id: "u1", state, createdAt: Date.UTC(2026, 0, 2, 3, 4, 5) });
    expect(status.reason).toMatch(reason);
    expect(status.action).toMatch(action);
  });

  it("takes the label for the name of a pod without annotation", () => {
    expect(podView({ metadata: { labels: { "gc-session": "a" } } }).session).toBe("a");
  });
});
