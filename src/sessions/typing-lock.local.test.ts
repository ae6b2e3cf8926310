import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, vi } from "vitest";
import { tmuxTest } from "../../test/tmux-test.ts";
import type { TmuxRunner } from "./agent-verbs.ts";
import { execRunner } from "./kubernetes/pod-runner.ts";
import { typeAtOnce, whileTyping } from "./typing-lock.ts";

const it = tmuxTest.extend<{ agent: TmuxRunner }>({
  agent: async ({ tmux }, use) => {
    tmux.startAgent();
    await use(execRunner({ run: (_, __, argv) => tmux.run(argv) }, { podName: "pod", uid: "1" }));
  },
});

/** Takes the lock, until told to end. */
async function hold(agent: TmuxRunner): Promise<{ readonly end: () => void; readonly done: Promise<void> }> {
  const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const done = whileTyping(agent, () => {
    begun.resolve();
    return ended.promise;
  });
  await begun.promise;
  return { end: ended.resolve, done };
}

describe.concurrent("whileTyping", () => {
  it("lets one in at a time, whoever asks", async ({ agent }) => {
    let inside = 0;
    const most = await Promise.all(
      Array.from({ length: 5 }, () =>
        whileTyping(agent, async () => {
          inside += 1;
          await delay(5);
          return inside--;
        }),
      ),
    );
    expect(most).toEqual([1, 1, 1, 1, 1]);
  });

  it("lets keys in at once while it is free, and else as soon as it is", async ({ agent }) => {
    await typeAtOnce(agent, [], ["send-keys", "-t", agent.pane, "--", "one\\;", "'#{two}\"$"]);
    const order: string[] = [];
    const { end, done } = await hold(agent);
    const holding = done.then(() => order.push("held"));
    const typed = typeAtOnce(agent, [], ["send-keys", "-t", agent.pane, "--", "three"]).then(() => order.push("typed"));
    await vi.waitFor(
      async () =>
        expect((await agent.run(["capture-pane", "-p", "-t", agent.pane])).join("")).toContain("one;'#{two}\"$"),
      10_000,
    );
    expect(order).toEqual([]);
    end();
    await Promise.all([holding, typed]);
    expect(order).toEqual(["held", "typed"]);
  });

  it("is free again after work that failed", async ({ agent, tmux }) => {
    await expect(whileTyping(agent, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    const holder = (): string => tmux.tmux("show-options", "-qv", "-t", "main", "@gascity-typing");
    await vi.waitFor(() => expect(holder()).toBe(""), 10_000);
  });

  it("passes over a holder that died, and its late end frees nobody else's", async ({ agent, tmux }) => {
    const lost = await hold(agent);
    await whileTyping(
      agent,
      async () => {
        lost.end();
        await lost.done;
        expect(tmux.tmux("show-options", "-qv", "-t", "main", "@gascity-typing")).not.toBe("");
      },
      100,
    );
  });
});
