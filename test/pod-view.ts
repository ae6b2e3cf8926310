import type { PodView } from "../src/sessions/kubernetes/pod-view.ts";

/** A pod whose agent container runs, changed as a test wants it. */
export function runningPod(change: Partial<PodView> = {}): PodView {
  return {
    podName: "a",
    uid: "1",
    session: "a",
    label: "a",
    alias: undefined,
    createdAt: 1,
    deleting: false,
    killedAt: 0,
    finalizers: [],
    phase: "Running",
    reason: "",
    message: "",
    scheduled: true,
    unschedulable: "",
    nodeLost: false,
    stage: undefined,
    agent: { state: "running", reason: "", message: "", exitCode: 0 },
    ...change,
  };
}

/** A pod on a node whose agent container waits for `reason`. */
export function pendingPod(reason = "", message = ""): PodView {
  return runningPod({ phase: "Pending", agent: { state: "waiting", reason, message, exitCode: 0 } });
}
