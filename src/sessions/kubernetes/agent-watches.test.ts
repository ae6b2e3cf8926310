import { describe, expect, vi } from "vitest";
import type { LocalTmux } from "../../../test/local-tmux.ts";
import { pendingPod, runningPod } from "../../../test/pod-view.ts";
import { tmuxTest } from "../../../test/tmux-test.ts";
import { silentLog } from "../../lib/log.ts";
import { AgentWatches } from "./agent-watches.ts";
import { SessionBoard } from "./session-board.ts";

// Far above what any of it takes: a busy machine is no failure.
const patience = 10_000;

/** What a pod answers that is asked for the end of its agent. */
const run = async () => ({ stdout: "oom\nno key\r\n", stderr: "", exitCode: 0 });

interface Fixtures {
  readonly pod: LocalTmux;
  readonly board: SessionBoard;
  /** What becomes of tries to look into a pod, and who was looked into so far. */
  readonly looks: { wanted: boolean; refusal: Error | undefined; readonly opened: string[] };
  readonly watches: AgentWatches;
  /** What the board says of the session `a`. */
  readonly state: () => string | undefined;
}

const it = tmuxTest.extend<Fixtures>({
  pod: async ({ tmux }, use) => use(tmux),
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads from it what a fixture needs.
  board: async ({}, use) => use(new SessionBoard()),
  // oxlint-disable-next-line no-empty-pattern -- As above.
  looks: async ({}, use) => use({ wanted: true, refusal: undefined, opened: [] }),
  watches: [
    async ({ pod, board, looks }, use) => {
      const open = async ({ podName }: { podName: string }, argv: readonly string[]) => {
        looks.opened.push(podName);
        if (looks.refusal) throw looks.refusal;
        return pod.open(argv);
      };
      const watches = new AgentWatches(board, { open, run }, silentLog, () => looks.wanted);
      await use(watches);
      watches.dispose();
    },
    { auto: true },
  ],
  state: async ({ board }, use) => use(() => board.snapshot().sessions.get("a")?.state),
});

describe.concurrent("AgentWatches", () => {
  it("follows an agent from its pod's start to its own end", async ({ pod, board, looks, state }) => {
    board.put(pendingPod());
    board.put(runningPod());
    await vi.waitFor(() => expect(board.sight("1").tmux).toBe("absent"), patience);
    pod.startAgent();
    await vi.waitFor(() => expect(state()).toBe("running"), patience);
    pod.tmux("send-keys", "-t", "main", "C-d");
    await vi.waitFor(() => expect(state()).toBe("exited"), patience);
    const end = { tmux: "ended", message: "no key", outOfMemory: true };
    await vi.waitFor(() => expect(board.sight("1")).toEqual(end), patience);
    expect(looks.opened).toEqual(["a"]);
  });

  it("gives the channel of a living agent to commands", async ({ pod, board, watches }) => {
    pod.startAgent();
    board.put(runningPod());
    await vi.waitFor(() => expect(watches.channel("1")).toBeDefined(), patience);
    await expect(watches.channel("1")?.run(["display-message", "-p", "x"])).resolves.toEqual(["x"]);
  });

  it("takes an agent for alive while a broken stream is opened anew, and then sees the truth", async ({
    pod,
    board,
    looks,
    watches,
    state,
  }) => {
    pod.startAgent();
    board.put(runningPod());
    await vi.waitFor(() => expect(watches.channel("1")).toBeDefined(), patience);
    pod.breakStreams();
    await vi.waitFor(() => expect(watches.channel("1")).toBeUndefined(), patience);
    expect(state()).toBe("running");
    pod.tmux("kill-session", "-t", "main");
    await vi.waitFor(() => expect(state()).toBe("exited"), patience);
    expect(looks.opened).toEqual(["a", "a"]);
  });

  it("shows two controllers the agent's end, also the one whose stream broke, and leaves nothing behind", async ({
    pod,
    board,
    looks,
    watches,
  }) => {
    const other = new SessionBoard();
    const open = async (_: unknown, argv: readonly string[]) => pod.open(argv);
    const others = new AgentWatches(other, { open, run }, silentLog, () => true);
    pod.startAgent();
    pod.tmux("new-session", "-d", "-s", "other", "cat");
    board.put(runningPod());
    await vi.waitFor(() => expect(watches.channel("1")).toBeDefined(), patience);
    pod.breakStreams();
    other.put(runningPod());
    await vi.waitFor(() => expect([looks.opened, watches.channel("1")?.ready]).toEqual([["a", "a"], true]), patience);
    await vi.waitFor(() => expect(others.channel("1")).toBeDefined(), patience);
    await vi.waitFor(() => expect(pod.waiters()).toHaveLength(2), patience);
    pod.tmux("kill-session", "-t", "=main");
    await vi.waitFor(
      () => expect([board, other].map((each) => each.sight("1").tmux)).toEqual(["ended", "ended"]),
      patience,
    );
    await vi.waitFor(() => expect([pod.watchers(), pod.hooks()]).toEqual([[], "session-closed"]), patience);
    others.dispose();
  });

  it("says so when it cannot look", async ({ board, looks }) => {
    looks.refusal = new Error("pods/exec is forbidden");
    board.put(runningPod());
    await vi.waitFor(() => expect(board.sight("1").tmux).toBe("hidden"), patience);
    expect(board.snapshot().sessions.get("a")).toMatchObject({
      state: "running",
      reason: expect.stringContaining("pods/exec is forbidden") as string,
    });
  });

  it("opens nothing for pods that are not wanted, not up or on their way out, until that changes", async ({
    pod,
    board,
    looks,
    watches,
    state,
  }) => {
    pod.startAgent();
    looks.wanted = false;
    board.put(runningPod());
    board.put(pendingPod());
    board.put(runningPod({ deleting: true }));
    board.put(runningPod());
    await vi.waitFor(() => expect(state()).toBe("starting"), patience);
    expect(looks.opened).toEqual([]);
    looks.wanted = true;
    watches.follow();
    await vi.waitFor(() => expect(state()).toBe("running"), patience);
  });

  it("closes the channel of a pod that goes, and all when it is disposed", async ({ pod, board, watches }) => {
    pod.startAgent();
    board.put(runningPod());
    board.put(runningPod({ uid: "2", session: "b" }));
    await vi.waitFor(() => expect(watches.channel("1") && watches.channel("2")).toBeDefined(), patience);
    await vi.waitFor(() => expect(pod.waiters()).toHaveLength(2), patience);
    board.remove("1");
    await vi.waitFor(() => expect(pod.waiters()).toHaveLength(1), patience);
    watches.dispose();
    await vi.waitFor(() => expect(pod.waiters()).toHaveLength(0), patience);
  });
});
