import type { V1Pod, V1PodStatus } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { podView } from "./pod-view.ts";
import { type Sight, notLooked, statusOf } from "./session-status.ts";

const scheduled = { type: "PodScheduled", status: "True" };
const alive: Sight = { tmux: "alive", message: "" };

function pod(status: V1PodStatus, change: { stage?: boolean; deleting?: boolean; finalizers?: string[] } = {}): V1Pod {
  const time = new Date("2026-01-02T03:04:05Z");
  return {
    metadata: {
      name: "demo-mayor",
      uid: "u1",
      labels: { app: "gc-agent", "gc-session": "Demo-Mayor" },
      annotations: { "gc-session-name": "Demo/Mayor" },
      creationTimestamp: time,
      ...(change.deleting ? { deletionTimestamp: time } : {}),
      ...(change.finalizers ? { finalizers: change.finalizers } : {}),
    },
    spec: {
      containers: [{ name: "agent", env: [{ name: "GC_ALIAS", value: "mayor" }] }],
      ...(change.stage ? { initContainers: [{ name: "stage" }] } : {}),
    },
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
const running = { phase: "Running", conditions: [scheduled], containerStatuses } satisfies V1PodStatus;
// As the controller manager leaves them when the node's heartbeats stop.
const nodeLost = [scheduled, { type: "ContainersReady", status: "True" }, { type: "Ready", status: "False" }];
const notReady = { status: "False", reason: "ContainersNotReady" };
const stageRunning: V1PodStatus = {
  phase: "Pending",
  conditions: [scheduled],
  initContainerStatuses: [container({ running: {} }, "stage")],
  containerStatuses: [container({ waiting: { reason: "PodInitializing" } })],
};
const terminated = (exitCode: number, reason: string) => ({
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
    ...(
      [
        ["1 node(s) didn't match Pod's node affinity/selector", /node_selector/u],
        ["1 node(s) had untolerated taint {gpu: true}", /tolerations/u],
        ["pod has unbound immediate PersistentVolumeClaims", /StorageClass/u],
        ["1 Too many pods", /Stop other agents/u],
        ["1 Insufficient memory", /mem_request/u],
      ] as const
    ).map(([words, action]): [string, V1Pod, Sight, string, RegExp, RegExp] => {
      const message = `0/1 nodes are available: ${words}. no new claims to deallocate, preemption: 0/1 nodes are available.`;
      const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
      const unschedulable = pod({ phase: "Pending", conditions });
      return [`for which ${words}`, unschedulable, notLooked, "failed", /available: [^.]*$/u, action];
    }),
    ["on a node", pod({ phase: "Pending", conditions: [scheduled] }), notLooked, "starting", /Pulling/u, /^$/u],
    [
      "without its volume",
      pod(waiting("ContainerCreating")),
      { tmux: "unknown", message: 'MountVolume.SetUp failed for volume "v": secret "x" not found' },
      "starting",
      /cannot be created yet: .*secret "x" not found$/u,
      /Correct/u,
    ],
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
    [
      "beyond the bound of watches",
      pod(running),
      { tmux: "unwatched", message: "only 250 agents are watched at once" },
      "running",
      /ran when it was last seen.*: only 250 agents are watched at once$/u,
      /^Peek at it (?!.*pods\/exec)/u,
    ],
    [
      "that was out of memory",
      pod(running),
      { tmux: "ended", message: "Killed", outOfMemory: true },
      "exited",
      /memory had run out in its pod; it said last: Killed$/u,
      /mem_limit/u,
    ],
    [
      "whose agent said why",
      pod(running),
      { tmux: "ended", message: "no key" },
      "exited",
      /has ended.*; it said last: no key$/u,
      /^$/u,
    ],
    ["being deleted", pod(running, { deleting: true }), alive, "stopping", /has until 03:04:05 UTC to end$/u, /^$/u],
    [
      "that somebody holds",
      pod(running, { deleting: true, finalizers: ["example.com/backup"] }),
      alive,
      "stopping",
      /when example\.com\/backup lets go/u,
      /finalizer/u,
    ],
    ["succeeded", pod({ phase: "Succeeded" }), notLooked, "exited", /ended/u, /^$/u],
    ["crashed", pod(terminated(1, "Error")), notLooked, "exited", /exit code 1$/u, /^$/u],
    [
      "out of memory",
      pod(terminated(137, "OOMKilled")),
      notLooked,
      "exited",
      /more memory than its limit/u,
      /mem_limit/u,
    ],
    ["without tmux in the image", pod(terminated(127, "Error")), notLooked, "failed", /127/u, /tmux/u],
    [
      "evicted",
      pod({
        phase: "Failed",
        reason: "Evicted",
        message: "The node was low on resource: memory. It exceeds its request.",
      }),
      notLooked,
      "exited",
      /evicted the pod: The node was low on resource: memory/u,
      /mem_request/u,
    ],
    [
      "evicted for what it wrote",
      pod({
        ...terminated(137, "Error"),
        reason: "Evicted",
        message: 'Usage of EmptyDir volume "ws" exceeds the limit.',
      }),
      notLooked,
      "exited",
      /^Kubernetes evicted the pod: Usage of EmptyDir/u,
      /write less/u,
    ],
    [
      "ended with its node",
      pod({
        ...terminated(137, "Error"),
        reason: "Terminated",
        message: "Pod was terminated in response to shutdown.",
      }),
      notLooked,
      "exited",
      /Kubernetes ended the pod: Terminated: .*shutdown$/u,
      /Start/u,
    ],
    [
      "whose program is missing",
      pod(terminated(128, "StartError")),
      notLooked,
      "failed",
      /cannot be started/u,
      /image/u,
    ],
    ["refused by the node", pod({ phase: "Failed", reason: "OutOfcpu" }), notLooked, "failed", /OutOfcpu/u, /Start/u],
    ["on a lost node", pod({ ...running, conditions: nodeLost }), alive, "running", /does not answer/u, /node/u],
    [
      "on a lost node being deleted",
      pod({ ...running, conditions: nodeLost }, { deleting: true }),
      alive,
      "stopping",
      /does not answer/u,
      /by force/u,
    ],
    [
      "that is merely not ready",
      pod({
        ...running,
        conditions: [scheduled, { type: "ContainersReady", ...notReady }, { type: "Ready", ...notReady }],
      }),
      alive,
      "running",
      /^$/u,
      /^$/u,
    ],
  ])("reads a pod %s", (_, given, sight, state, reason, action) => {
    const status = statusOf(podView(given), sight);
    const who = { name: "Demo/Mayor", alias: "mayor", id: "u1" };
    expect(status).toMatchObject({ ...who, state, createdAt: Date.UTC(2026, 0, 2, 3, 4, 5) });
    expect(status.reason).toMatch(reason);
    expect(status.action).toMatch(action);
  });

  it("takes the label for the name of a pod without annotation", () => {
    expect(podView({ metadata: { labels: { "gc-session": "a" } } }).session).toBe("a");
  });
});
