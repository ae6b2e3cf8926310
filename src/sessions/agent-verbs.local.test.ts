import { describe, expect, it, vi } from "vitest";
import type { LocalTmux } from "../../test/local-tmux.ts";
import { tmuxTest } from "../../test/tmux-test.ts";
import { type TmuxRunner, capturePane, interruptAgent } from "./agent-verbs.ts";
import { nudgeText } from "./nudge-text.ts";
import { execRunner } from "./kubernetes/pod-runner.ts";

/** The session `main` of a tmux, as if it were in a pod. */
const inPod = tmuxTest.extend<{ agent: TmuxRunner }>({
  agent: async ({ tmux }, use) => {
    await use(
      execRunner({ run: (_, __, argv, options) => tmux.run(argv, options?.input) }, { podName: "pod", uid: "1" }),
    );
  },
});

/** An agent that says `ready` when it is. */
async function startAgent(tmux: LocalTmux, agent: TmuxRunner, command: string): Promise<void> {
  tmux.startAgent(command);
  await vi.waitFor(async () => expect(await capturePane(agent, 0)).toContain("ready"), 10_000);
}

describe.concurrent("interruptAgent", () => {
  inPod("ends what runs in front", async ({ tmux, agent }) => {
    await startAgent(tmux, agent, "trap 'echo caught' INT; echo ready; while :; do sleep 1; done");
    await interruptAgent(agent);
    await vi.waitFor(async () => expect(await capturePane(agent, 0)).toContain("caught"), 10_000);
  });
});

describe.concurrent("capturePane", () => {
  inPod("gives as many lines of scrollback as asked for, and all for 0", async ({ tmux, agent }) => {
    await startAgent(tmux, agent, "seq 1 200; echo ready; sleep 100");
    expect(await capturePane(agent, 0)).toMatch(/^1\n2\n/u);
    const [first = ""] = (await capturePane(agent, 5)).split("\n");
    const [screen = ""] = tmux.tmux("capture-pane", "-p", "-t", "main").split("\n");
    expect(Number(screen) - Number(first)).toBe(5);
  });
});

describe("nudgeText", () => {
  it.each([
    ["a\r\nb\rc", "a\nb\nc"],
    ["tab\tstays, bell\u0007 and escape\u001B[31m go", "tab\tstays, bell and escape[31m go"],
    ["line ends at the close go\n\n", "line ends at the close go"],
    ["lone \uD800 surrogate", "lone \uFFFD surrogate"],
  ])("makes %j typeable", (text, expected) => {
    expect(nudgeText(text)).toBe(expected);
  });

  it("takes 64 KiB and refuses one byte more", () => {
    expect(nudgeText("x".repeat(65_536))).toHaveLength(65_536);
    expect(() => nudgeText("x".repeat(65_537))).toThrow(/64 KiB/u);
  });
});
