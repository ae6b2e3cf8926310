import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LocalTmux } from "../../../test/local-tmux.ts";
import { AgentChannel, type ChannelSight } from "./agent-channel.ts";
import { lookScript, watchScript } from "./agent-script.ts";

let pod: LocalTmux;
beforeEach(() => {
  pod = new LocalTmux();
});
afterEach(() => pod.dispose());

function open(name = "gascity-test"): { channel: AgentChannel; sights: ChannelSight[] } {
  const channel = new AgentChannel(pod.open(["sh", "-c", watchScript, "sh", name]));
  const sights: ChannelSight[] = [];
  channel.onSight((sight) => sights.push(sight));
  return { channel, sights };
}

describe("AgentChannel", () => {
  it("sees an agent come up and end", async () => {
    const { channel, sights } = open();
    await vi.waitFor(() => expect(sights).toEqual(["absent"]));
    pod.startAgent();
    await vi.waitFor(() => expect(channel.ready).toBe(true), 5000);
    expect(sights).toEqual(["absent", "alive"]);
    pod.tmux("send-keys", "-t", "main", "C-d");
    await vi.waitFor(() => expect(sights).toEqual(["absent", "alive", "ended"]), 2000);
  });

  it("sees an agent that ended before", async () => {
    pod.startAgent();
    pod.tmux("kill-session", "-t", "main");
    const { channel, sights } = open();
    await expect(channel.end).resolves.toBe(0);
    expect(sights).toEqual(["ended"]);
  });

  it("does not count as attached, and other sessions' ends are not the agent's", async () => {
    pod.startAgent();
    const { channel, sights } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), 5000);
    pod.tmux("new-session", "-d", "-s", "mainly", "cat");
    pod.tmux("kill-session", "-t", "mainly");
    expect(pod.tmux("display-message", "-p", "-t", "=main:", "#{session_attached} #{window_width}")).toBe("0 90\n");
    await channel.run(["has-session", "-t", "=main"]);
    expect(sights).toEqual(["alive"]);
  });

  it("runs commands in order, with any argument", async () => {
    pod.startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), 5000);
    const texts = [
      "plain",
      'it\'s $HOME "q" `x` ;',
      "größe 🚀 \\n #{pane_id} #(id)",
      "two\nlines\n\tand a tab;",
      "-x",
      "%end",
    ];
    await Promise.all(texts.map((text, index) => channel.run(["set-buffer", "-b", `b${index}`, "--", text])));
    expect(texts.map((_, index) => pod.tmux("save-buffer", "-b", `b${index}`, "-"))).toEqual(texts);
    const order = await Promise.all(["1", "2", "3"].map((n) => channel.run(["display-message", "-p", n])));
    expect(order).toEqual([["1"], ["2"], ["3"]]);
  });

  it("tells tmux's errors", async () => {
    pod.startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), 5000);
    await expect(channel.run(["has-session", "-t", "=nobody"])).rejects.toThrow(/can't find session/u);
  });

  it("leaves nothing behind when it is closed, and fails what was under way", async () => {
    pod.startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), 5000);
    const pending = channel.run(["has-session", "-t", "=main"]);
    channel.dispose();
    await expect(pending).rejects.toThrow(/has ended/u);
    await vi.waitFor(() => expect(pod.tmux("list-sessions", "-F", "#{session_name}")).toBe("main\n"), 3000);
  });

  it("never harms the server by closing, whoever else uses it", async () => {
    pod.startAgent();
    const server = (): string => pod.tmux("display-message", "-p", "-t", "=main:", "#{pid}");
    const before = server();
    for (let round = 0; round < 10; round++) {
      const { channel } = open(`gascity-${round}`);
      await vi.waitFor(() => expect(channel.ready).toBe(true), { timeout: 5000, interval: 5 });
      channel.dispose();
      for (let other = 0; other < 5; other++) pod.tmux("has-session", "-t", "=main");
    }
    expect(server()).toBe(before);
  });
});

describe("lookScript", () => {
  const look = (): string => pod.run(["sh", "-c", lookScript]).stdout.trim();

  it("tells an agent that is not yet up from one that is and one that was", () => {
    expect(look()).toBe("absent");
    pod.startAgent();
    expect(look()).toBe("alive");
    pod.tmux("kill-session", "-t", "main");
    expect(look()).toBe("ended");
  });
});
