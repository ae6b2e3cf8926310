import { describe, expect, vi } from "vitest";
import { recorded, startRecorder } from "../../test/recording-agent.ts";
import { tmuxTest } from "../../test/tmux-test.ts";
import { ProblemError } from "../lib/problem.ts";
import type { TmuxRunner } from "./agent-verbs.ts";
import { execRunner } from "./kubernetes/pod-runner.ts";
import { nudgeText } from "./nudge-text.ts";
import { typeText } from "./type-text.ts";

/** The session `main` of a tmux, as if it were in a pod. */
const it = tmuxTest.extend<{ agent: TmuxRunner }>({
  agent: async ({ tmux }, use) => {
    const run = (_: unknown, __: unknown, argv: readonly string[], options?: { input?: string }) =>
      tmux.run(argv, options?.input);
    await use(execRunner({ run }, { podName: "pod", uid: "1" }));
  },
});

/** Fails with `nudge-unconfirmed` and words that match. */
async function unconfirmed(typing: Promise<void>, reason: RegExp): Promise<void> {
  await expect(typing).rejects.toMatchObject({
    problem: { code: "nudge-unconfirmed", reason: expect.stringMatching(reason) as string },
  });
}

describe.concurrent("typeText", () => {
  it.for([
    ["a plain line", "hello"],
    ["a key's name", "Enter"],
    ["what looks like an option", "-l --"],
    ["a semicolon at the end", "one; two;"],
    ["quotes, dollars and umlauts", 'it\'s "$HOME" `id` größe 🚀'],
    ["nothing but an emoji", "🚀"],
    ["several lines", "one\n\ttwo\n\nthree"],
    ["64 KiB", "0123456789abcde\n".repeat(4095) + "x"],
  ] as const)("types %s exactly once and presses Enter", async ([, text], { tmux, agent }) => {
    await startRecorder(tmux, "main", "echo");
    await typeText(agent, nudgeText(text));
    await vi.waitFor(() => expect(recorded(tmux, "main")).toBe(`${text}\r`), 10_000);
  });

  it.for(["stars", "silent", "burst", "asleep", "busy", "lively"] as const)(
    "presses Enter once in a program that is %s",
    async (manner, { tmux, agent }) => {
      await startRecorder(tmux, "main", manner);
      await typeText(agent, "one\ntwo");
      await vi.waitFor(() => expect(recorded(tmux, "main")).toBe("one\ntwo\r"), 10_000);
    },
  );

  it("takes a paste that a program shows by its size for arrived, the same text again too", async ({ tmux, agent }) => {
    await startRecorder(tmux, "main", "paste");
    await typeText(agent, "one\ntwo");
    await typeText(agent, "one\ntwo");
    const once = "\u001B[200~one\ntwo\u001B[201~\r";
    await vi.waitFor(() => expect(recorded(tmux, "main")).toBe(once.repeat(2)), 10_000);
  });

  it("does not answer a question that does not take the text", async ({ tmux, agent }) => {
    await startRecorder(tmux, "main", "question");
    await unconfirmed(typeText(agent, "go on"), /asks something.*Enter was not pressed.*2\. No/u);
    expect(recorded(tmux, "main")).toBe("go on");
  });

  it("says what is seen of a program that shows nothing, and has pressed Enter once", async ({ tmux, agent }) => {
    await startRecorder(tmux, "main", "deaf");
    await unconfirmed(typeText(agent, "hello"), /shown nothing for 5 s; its screen is empty/u);
    expect(recorded(tmux, "main")).toBe("hello\r");
  });

  it("refuses a line that the terminal would cut, where it would", async ({ tmux, agent }) => {
    const line = "x".repeat(4096);
    tmux.startAgent("cat > typed");
    await expect(typeText(agent, line)).rejects.toMatchObject({ problem: { code: "unsupported" } });
    await typeText(agent, "x".repeat(4095));
    tmux.tmux("kill-session", "-t", "main");
    await startRecorder(tmux, "main", "echo");
    await typeText(agent, line);
    await vi.waitFor(() => expect(recorded(tmux, "main")).toBe(`${line}\r`), 10_000);
  });

  it("waits with Enter for a program that is at something else, and says so", async ({ tmux, agent }) => {
    tmux.startAgent("sleep 1000");
    await unconfirmed(typeText(agent, "0123456789abcde\n".repeat(2000)), /Enter were typed, but .* nothing for 5 s/u);
    await vi.waitFor(() => expect(tmux.tmux("list-buffers")).toBe(""), 10_000);
  });

  it("reaches an agent whose terminal is scrolled back", async ({ tmux, agent }) => {
    await startRecorder(tmux, "main", "echo");
    tmux.tmux("copy-mode", "-t", "main");
    await typeText(agent, "now");
    await vi.waitFor(() => expect(recorded(tmux, "main")).toBe("now\r"), 10_000);
  });

  it("has a shell run what is typed, and is done when its program ends on it", async ({ tmux, agent }) => {
    tmux.startAgent("bash --norc");
    await typeText(agent, "echo $((6 * 7)) >typed");
    await typeText(agent, "cat typed; exit");
  });

  it("does nothing without text", async ({ tmux, agent }) => {
    await startRecorder(tmux, "main", "echo");
    await typeText(agent, "");
    await typeText(agent, "end");
    await vi.waitFor(() => expect(recorded(tmux, "main")).toBe("end\r"), 10_000);
  });

  it("leaves neither a buffer nor a size behind", async ({ tmux, agent }) => {
    await startRecorder(tmux, "main", "asleep");
    await typeText(agent, "x");
    expect(tmux.tmux("list-buffers")).toBe("");
    expect(tmux.tmux("display-message", "-p", "-t", "main", "#{window_width} #{window-size}")).toBe("90 latest\n");
  });

  describe.concurrent("over streams that break", () => {
    const broke = new ProblemError({ code: "cluster-unreachable", reason: "the stream broke", action: "Try again" });

    it("does not leave it open whether the text may be sent again", async ({ tmux, agent }) => {
      await startRecorder(tmux, "main", "echo");
      let sent = false;
      const run = async (args: readonly string[]): Promise<readonly string[]> => {
        if (sent) throw broke;
        sent = args.includes("Enter") && args.includes("send-keys");
        return agent.run(args);
      };
      await unconfirmed(
        typeText({ ...agent, run }, "hello"),
        /^The text and Enter were typed, and .*the stream broke/u,
      );
      expect(recorded(tmux, "main")).toBe("hello\r");
    });

    it.for([
      ["before a command", "never"],
      ["behind it", "before"],
      ["before a command that runs when it was tried again", "later"],
    ] as const)("types and presses Enter once when they break %s", async ([, runs], { tmux, agent }) => {
      await startRecorder(tmux, "main", "echo");
      const broken = new Set<string>();
      const late: (readonly string[])[] = [];
      const run = async (args: readonly string[]): Promise<readonly string[]> => {
        const isNew = ["paste-buffer", "send-keys", "capture-pane"].find(
          (name) => args.includes(name) && !broken.has(name),
        );
        if (isNew === undefined) {
          const lines = await agent.run(args);
          for (const again of late.splice(0)) await agent.run(again).catch(() => undefined);
          return lines;
        }
        broken.add(isNew);
        if (runs === "before") await agent.run(args);
        if (runs === "later") late.push(args);
        throw broke;
      };
      await typeText({ ...agent, run }, "hello");
      await vi.waitFor(() => expect(recorded(tmux, "main")).toBe("hello\r"), 10_000);
      expect([...broken].toSorted()).toEqual(["capture-pane", "paste-buffer", "send-keys"]);
    });
  });
});
