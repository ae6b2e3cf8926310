import { describe, expect, it } from "vitest";
import { problemOf } from "../../lib/problem.ts";
import { pendingPod, runningPod } from "../../../test/pod-view.ts";
import { judgeExisting } from "./existing-pod.ts";
import type { PodView } from "./pod-view.ts";
import type { Sight } from "./session-status.ts";

const base = runningPod({ podName: "a-b", session: "a.b", label: "a.b", createdAt: 0 });
const pending = (reason = ""): Partial<PodView> => ({ phase: "Pending", agent: pendingPod(reason).agent });
const young = 239_999;
const old = 240_000;

describe("judgeExisting", () => {
  it.each<[string, Partial<PodView>, Sight["tmux"], number, string]>([
    ["alive", {}, "alive", old, "session-exists"],
    ["whose agent has ended", {}, "ended", young, "replace"],
    ["young, without tmux", {}, "absent", young, "session-initializing"],
    ["old, without tmux", {}, "absent", old, "replace"],
    ["old, not to be looked into", {}, "hidden", old, "session-exists"],
    ["pending and young", pending(), "unknown", young, "session-initializing"],
    ["pending and old", pending(), "unknown", old, "replace"],
    ["that cannot come up", pending("ErrImagePull"), "unknown", young, "replace"],
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
