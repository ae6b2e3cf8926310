import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { pendingPod, runningPod } from "../../../test/pod-view.ts";
import { kubernetesSettings } from "../../city/kubernetes-settings.ts";
import { silentLog } from "../../lib/log.ts";
import type { PodCalls } from "./pod-calls.ts";
import { SessionBoard } from "./session-board.ts";
import { startSession } from "./start-session.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settings = kubernetesSettings({ image: "i", prebaked: true }, {});
const none = { workDir: "", command: "cat", env: {}, processNames: [], nudge: "go", overlayDir: "", copyFiles: [] };

/** A start on a board that the test fills; `nudge` is called when the agent has come up, `end` with how it ended. */
function begin(startupTimeout: number) {
  const board = new SessionBoard();
  const done = { exitCode: 0, stdout: "", stderr: "" };
  const calls: Partial<PodCalls> = {
    list: async () => [],
    create: async () => pendingPod(),
    get: async () => undefined,
    remove: async () => board.remove("1"),
    run: async () => done,
    lastWarning: async () => "",
    lastLogLine: async () => "cloning",
  };
  const nudge = vi.fn(async () => {});
  const tmux = { pane: "", run: async () => ["0 1 cat", "$ "], load: async () => {} };
  const tools = { board, calls: calls as PodCalls, settings, log: silentLog, tmux: () => tmux, nudge };
  const config = { ...none, preStart: ["git clone"], startupTimeout };
  const end = vi.fn<(how: unknown) => void>();
  startSession(tools, "a", config, new AbortController().signal).then(({ uid }) => end(uid), end);
  return { board, nudge, end };
}

it("does not count the time in which the image is pulled", async () => {
  const { board, nudge, end } = begin(5000);
  board.put(pendingPod());
  await vi.advanceTimersByTimeAsync(300_000);
  board.put(runningPod());
  await vi.advanceTimersByTimeAsync(4000);
  board.see("1", { tmux: "alive", message: "" });
  await vi.advanceTimersByTimeAsync(900);
  expect(nudge).toHaveBeenCalledOnce();
  expect(end).not.toHaveBeenCalled();
});

it("gives up an agent that is not up in time after that, and deletes its pod", async () => {
  const { board, end } = begin(5000);
  board.put(runningPod());
  await vi.advanceTimersByTimeAsync(4900);
  expect(end).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(end).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({
      problem: {
        code: "timed-out",
        reason: "Waiting for pre_start and tmux in the pod took more than 5 s; its container said: cloning",
        action: "Raise startup_timeout in [session] if the agent needs more time",
      },
    }),
  );
  expect(board.pods.size).toBe(0);
});

it("fails with the agent's end while it waits for the agent to settle", async () => {
  const { board, end } = begin(5000);
  board.put(runningPod());
  board.see("1", { tmux: "alive", message: "" });
  await vi.advanceTimersByTimeAsync(100);
  board.see("1", { tmux: "ended", message: "" });
  await vi.advanceTimersByTimeAsync(100);
  expect(end).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ problem: expect.objectContaining({ code: "session-died" }) as unknown }),
  );
});
