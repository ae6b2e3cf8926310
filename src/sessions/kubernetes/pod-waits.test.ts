import { describe, expect, it } from "vitest";
import { pendingPod, runningPod } from "../../../test/pod-view.ts";
import { problemOf } from "../../lib/problem.ts";
import type { PodView } from "./pod-view.ts";
import { untilPod } from "./pod-waits.ts";
import { SessionBoard } from "./session-board.ts";

function waitOn(board: SessionBoard, options: { limit?: number; signal?: AbortSignal } = {}): Promise<PodView> {
  const { limit = 5000, signal = new AbortController().signal } = options;
  return untilPod(board, "1", (pod) => pod.agent.state === "running", { limit, what: "Waiting", signal });
}

async function codeOf(wait: Promise<unknown>): Promise<string> {
  return wait.then(
    () => "resolved",
    (error: unknown) => problemOf(error).code,
  );
}

describe("untilPod", () => {
  it("resolves with a pod that is or becomes ready", async () => {
    const board = new SessionBoard();
    const wait = waitOn(board);
    board.put(pendingPod());
    board.put(runningPod());
    await expect(wait).resolves.toMatchObject({ uid: "1" });
    await expect(waitOn(board)).resolves.toMatchObject({ uid: "1" });
  });

  it("bears a failure that passes", async () => {
    const board = new SessionBoard();
    board.put(pendingPod("ErrImagePull"));
    const wait = waitOn(board);
    board.put(pendingPod("ContainerCreating"));
    board.put(runningPod());
    await expect(wait).resolves.toBeDefined();
  });

  it("gives up on a failure without patience, with its reason", async () => {
    const board = new SessionBoard();
    board.put(pendingPod("InvalidImageName", "no such: name"));
    await expect(waitOn(board)).rejects.toThrow(/name is not valid: no such: name/u);
  });

  it.each<[string, (board: SessionBoard) => void]>([
    ["is deleted", (board) => board.remove("1")],
    ["is being deleted", (board) => board.put(runningPod({ deleting: true }))],
    ["has failed", (board) => board.put(runningPod({ phase: "Failed" }))],
    [
      "has a container that ended",
      (board) => board.put(runningPod({ agent: { state: "terminated", reason: "", message: "", exitCode: 1 } })),
    ],
  ])("says session-died of a pod that %s", async (_, change) => {
    const board = new SessionBoard();
    board.put(pendingPod());
    const wait = codeOf(waitOn(board));
    change(board);
    expect(await wait).toBe("session-died");
  });

  it("says why a pre_start failed", async () => {
    const board = new SessionBoard();
    const message = "cloning\r\nno such branch\r\ngascity: pre_start 2 ended with exit code 128\r\n";
    board.put(runningPod({ phase: "Failed", agent: { state: "terminated", reason: "Error", message, exitCode: 1 } }));
    await expect(waitOn(board)).rejects.toMatchObject({
      problem: { code: "session-failed", reason: "pre_start 2 failed in the pod: cloning no such branch" },
    });
  });

  it("says what the init container said last", async () => {
    const board = new SessionBoard();
    const stage = { state: "terminated", reason: "Error", message: "sh: not found\n", exitCode: 127 } as const;
    board.put(pendingPod());
    const wait = waitOn(board);
    board.put({ ...pendingPod(), stage });
    await expect(wait).rejects.toThrow(/ended with exit code 127: sh: not found\./u);
  });

  it("ends at its limit, also for a pod that never shows", async () => {
    await expect(waitOn(new SessionBoard(), { limit: 20 })).rejects.toThrow(/Waiting took more than/u);
  });

  it("ends with the reason of an abort", async () => {
    const abort = new AbortController();
    const wait = waitOn(new SessionBoard(), { signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(wait).rejects.toThrow("enough");
  });
});
