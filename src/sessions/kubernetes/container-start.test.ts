import { expect, it } from "vitest";
import { pendingPod, runningPod } from "../../../test/pod-view.ts";
import { containerStart, withStarted } from "./container-start.ts";

it.each([
  ["spec.containers{agent}", "agent"],
  ["spec.initContainers{stage}", "stage"],
  ["spec.containers{proxy}", undefined],
  ["spec.ephemeralContainers{agent}", undefined],
  ["", undefined],
])("takes from the path %j of an event the container %s", (fieldPath, container) => {
  const start = containerStart({ involvedObject: { uid: "1", fieldPath } });
  expect(start).toEqual(container && { uid: "1", container });
});

const waiting = { state: "waiting", reason: "PodInitializing", message: "", exitCode: 0 } as const;
const staging = pendingPod("PodInitializing");

it("shows a container as running of which the status says that it waits", () => {
  const pod = { ...staging, stage: waiting };
  expect(withStarted(pod, new Set(["stage"])).stage?.state).toBe("running");
  expect(withStarted(pod, new Set(["stage"])).agent).toEqual(pod.agent);
  const agent = withStarted(pod, new Set(["stage", "agent"]));
  expect(agent).toEqual({ ...runningPod(), stage: { ...waiting, state: "terminated", reason: "" } });
});

it.each([
  ["has ended", { phase: "Failed", agent: { ...waiting, state: "terminated", exitCode: 1 } }],
  ["has ended with its init container", { phase: "Failed", stage: { ...waiting, state: "terminated", exitCode: 1 } }],
  ["runs", { phase: "Running", agent: { ...waiting, state: "running" } }],
] as const)("leaves what the status says of a pod that %s", (_, change) => {
  const pod = { ...staging, ...change };
  expect(withStarted(pod, new Set(["stage", "agent"]))).toBe(pod);
});
