import { expect, it, vi } from "vitest";
import { pendingPod, runningPod } from "../../../test/pod-view.ts";
import { silentLog } from "../../lib/log.ts";
import type { PodView } from "./pod-view.ts";
import { SessionBoard } from "./session-board.ts";
import { SlowPods } from "./slow-pods.ts";

/** How often events were asked for when `lastWarning` says these things, one after another, and what the board has then. */
async function asked(pod: PodView, says: readonly (string | Error)[]): Promise<{ times: number; message: string }> {
  const board = new SessionBoard();
  const left = [...says];
  const ask = vi.fn(async () => {
    const said = left.shift();
    if (left.length === 0) board.put(runningPod());
    if (said instanceof Error) throw said;
    return said ?? "";
  });
  const slow = new SlowPods(board, { lastWarning: ask }, silentLog, 1);
  board.put(pod);
  await vi.waitFor(() => expect(left).toEqual([]), 5000);
  const { message } = board.sight("1");
  slow.dispose();
  return { times: ask.mock.calls.length, message };
}

it("tells what the events of a pod say that is long on its way, until it is up", async () => {
  expect(await asked(pendingPod("ContainerCreating"), ["no volume", "no network", ""])).toEqual({
    times: 3,
    message: "no network",
  });
});

it("goes on when events cannot be read, and leaves out what the pod says itself", async () => {
  const says = [new Error("forbidden"), "0/3 nodes are available: cpu", ""];
  expect(await asked(pendingPod("ContainerCreating"), says)).toEqual({ times: 3, message: "" });
});

it("asks about no pod that has a failure, runs or goes", async () => {
  const board = new SessionBoard();
  const others = [pendingPod("ErrImagePull"), runningPod(), { ...pendingPod(), deleting: true }];
  for (const [index, pod] of others.entries()) board.put({ ...pod, uid: `other ${index}` });
  const ask = vi.fn<(uid: string) => Promise<string>>(async () => "late");
  const slow = new SlowPods(board, { lastWarning: ask }, silentLog, 1);
  board.put(pendingPod());
  await vi.waitFor(() => expect(board.sight("1").message).toBe("late"), 5000);
  slow.dispose();
  expect(new Set(ask.mock.calls.map(([uid]) => uid))).toEqual(new Set(["1"]));
});
