import { describe, expect, it, vi } from "vitest";
import { pendingPod, runningPod as pod } from "../../../test/pod-view.ts";
import { SessionBoard } from "./session-board.ts";

describe("SessionBoard", () => {
  it("keeps a status and a snapshot until something in them changes", () => {
    const board = new SessionBoard();
    board.put(pod());
    const first = board.snapshot();
    expect(board.snapshot()).toBe(first);
    board.put(pod({ message: "of no interest here" }));
    expect(board.snapshot()).toBe(first);
    board.see("1", { tmux: "alive", message: "" });
    expect(board.snapshot().sessions.get("a")?.state).toBe("running");
  });

  it("shows the new pod of a session whose old one is still going", () => {
    const board = new SessionBoard();
    board.put(pod({ uid: "new", createdAt: 2 }));
    board.put(pod({ uid: "old", createdAt: 1, deleting: true }));
    expect(board.snapshot().sessions.get("a")?.id).toBe("new");
    board.remove("new");
    expect(board.snapshot().sessions.get("a")).toMatchObject({ id: "old", state: "stopping" });
  });

  it("forgets what it saw in a pod that is gone", () => {
    const board = new SessionBoard();
    board.put(pod());
    board.see("1", { tmux: "ended", message: "" });
    board.remove("1");
    board.see("1", { tmux: "alive", message: "" });
    board.put(pod());
    expect(board.snapshot().sessions.get("a")?.state).toBe("starting");
  });

  it("knows that a container has started until the pod is gone, whatever its status says meanwhile", () => {
    const board = new SessionBoard();
    board.begin("1", "agent");
    board.put(pendingPod());
    expect(board.pods.get("1")?.phase).toBe("Pending");
    board.begin("1", "agent");
    board.put(pendingPod("ContainerCreating"));
    expect(board.pods.get("1")).toEqual(pod());
    board.remove("1");
    board.put(pendingPod());
    expect(board.pods.get("1")).toEqual(pendingPod());
  });

  it("tells changes of one turn once", async () => {
    const board = new SessionBoard();
    const told = vi.fn();
    board.onDidChange(told);
    board.put(pod());
    board.put(pod({ uid: "2", session: "b" }));
    board.sync();
    await vi.waitFor(() => expect(told).toHaveBeenCalled(), 10_000);
    expect(told).toHaveBeenCalledTimes(1);
    expect(board.snapshot()).toMatchObject({ synced: true, problem: undefined });
  });

  it("keeps the last sessions while it cannot see", () => {
    const board = new SessionBoard();
    board.put(pod());
    const problem = { code: "cluster-unreachable", reason: "r", action: "a" } as const;
    board.report(problem);
    expect(board.snapshot().problem).toBe(problem);
    expect(board.snapshot().sessions.size).toBe(1);
    board.report(undefined);
    expect(board.snapshot().problem).toBeUndefined();
  });
});
