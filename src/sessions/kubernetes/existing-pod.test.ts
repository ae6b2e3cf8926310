import { describe, expect, it } from "vitest";
import { problemOf } from "../../lib/problem.ts";
import { judgeExisting } from "./existing-pod.ts";
import type { PodView } from "./pod-view.ts";
import type { Sight } from "./session-status.ts";

const idle = { state: "waiting", reason: "", message: "", exitCode: 0 } as const;
const running = { ...idle, state: "running" } as const;
const base: PodView = {
  podName: "a-b",
  uid: "1",
  session: "a.b",
  label: "a.b",
  createdAt: 0,
  deleting: false,
  phase: "Running",
  reason: "",
  message: "",
  scheduled: true,
  unschedulable: "",
  nodeLost: false,
  stage: undefined,
  agent: running,
};
const pending = { phase: "Pending", agent: idle };
const young = 239_999;
const old = 240_000;

describe("judgeExisting", () => {
  it.each<[string, Partial<PodView>, Sight["tmux"], number, string]>([
    ["alive", {}, "alive", old, "session-exists"],
    ["whose agent has ended", {}, "ended", young, "replace"],
    ["young, without tmux", {}, "absent", young, "session-initializing"],
    ["old, without tmux", {}, "absent", old, "replace"],
    ["young, not to be looked into", {}, "hidden", young, "session-initializing"],
    ["pending and young", pending, "unknown", young, "session-initializing"],
    ["pending and old", pending, "unknown", old, "replace"],
    ["that cannot come up", { ...pending, agent: { ...idle, reason: "ErrImagePull" } }, "unknown", young, "replace"],
    ["failed", { phase: "Failed" }, "unknown", young, "replace"],
    ["being deleted", { deleting: true }, "alive", young, "replace"],
    ["of a session with the same label", { session: "a-b" }, "ended", old, "session-exists"],
  ])("decides about a pod %s", (_, change, tmux, age, verdict) => {
    const judge = (): string => {
      try {
        return judgeExisting("a.b", { ...base, ...change }, { tmux, message: "" }, age);
      } catch (error) {
        return problemOf(error).code;
      }
    };
    expect(judge()).toBe(verdict);
  });
});
