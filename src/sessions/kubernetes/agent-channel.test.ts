import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Emitter } from "../../lib/emitter.ts";
import { AgentChannel, type ChannelSight } from "./agent-channel.ts";
import { lookScript, watchScript } from "./agent-script.ts";
import type { PodProcess } from "./pod-process.ts";

// The scripts and the real tmux of this machine, in a folder of its own in place of a pod.
let folder = "";
let env: NodeJS.ProcessEnv = {};
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gascity-channel-"));
  env = { PATH: process.env["PATH"], TMUX_TMPDIR: folder, HOME: folder, LANG: "C.UTF-8" };
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  try {
    tmux("kill-server");
  } catch {
    // It may have ended with its last session.
  }
  rmSync(folder, { recursive: true, force: true });
});

function tmux(...args: string[]): string {
  return execFileSync("tmux", ["-f", "/dev/null", ...args], { env, encoding: "utf8", stdio: "pipe" });
}

function startAgent(): void {
  tmux("new-session", "-d", "-s", "main", "-x", "90", "-y", "20", "cat");
}

function open(name = "gascity-test"): { channel: AgentChannel; sights: ChannelSight[]; child: ChildProcess } {
  const child = spawn("sh", ["-c", watchScript, "sh", name], { env, stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const output = new Emitter<Uint8Array>();
  child.stdout.on("data", (chunk: Uint8Array) => output.fire(chunk));
  const stream: PodProcess = {
    onOutput: output.event,
    end: new Promise((resolve) => child.once("exit", (code) => resolve(code ?? -1))),
    write: (data) => void child.stdin.write(data),
    dispose: () => child.stdin.end(),
  };
  const channel = new AgentChannel(stream, name);
  const sights: ChannelSight[] = [];
  channel.onSight((sight) => sights.push(sight));
  return { channel, sights, child };
}

describe("AgentChannel", () => {
  it("sees an agent come up and end", async () => {
    const { channel, sights } = open();
    await vi.waitFor(() => expect(sights).toEqual(["absent"]));
    startAgent();
    await vi.waitFor(() => expect(channel.ready).toBe(true), 5000);
    expect(sights).toEqual(["absent", "alive"]);
    tmux("send-keys", "-t", "main", "C-d");
    await vi.waitFor(() => expect(sights).toEqual(["absent", "alive", "ended"]), 2000);
  });

  it("sees an agent that ended before", async () => {
    startAgent();
    tmux("kill-session", "-t", "main");
    const { channel, sights } = open();
    await expect(channel.end).resolves.toBe(0);
    expect(sights).toEqual(["ended"]);
  });

  it("does not count as attached, and other sessions' ends are not the agent's", async () => {
    startAgent();
    const { channel, sights } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), 5000);
    tmux("new-session", "-d", "-s", "mainly", "cat");
    tmux("kill-session", "-t", "mainly");
    expect(tmux("display-message", "-p", "-t", "=main:", "#{session_attached} #{window_width}")).toBe("0 90\n");
    await channel.run(["has-session", "-t", "=main"]);
    expect(sights).toEqual(["alive"]);
  });

  it("runs commands in order, with any argument", async () => {
    startAgent();
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
    expect(texts.map((_, index) => tmux("save-buffer", "-b", `b${index}`, "-"))).toEqual(texts);
    const order = await Promise.all(["1", "2", "3"].map((n) => channel.run(["display-message", "-p", n])));
    expect(order).toEqual([["1"], ["2"], ["3"]]);
  });

  it("tells tmux's errors", async () => {
    startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), 5000);
    await expect(channel.run(["has-session", "-t", "=nobody"])).rejects.toThrow(/can't find session/u);
  });

  it("leaves nothing behind when it is closed, and fails what was under way", async () => {
    startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), 5000);
    const pending = channel.run(["has-session", "-t", "=main"]);
    channel.dispose();
    await expect(pending).rejects.toThrow(/has ended/u);
    await vi.waitFor(() => expect(tmux("list-sessions", "-F", "#{session_name}")).toBe("main\n"), 3000);
  });
});

describe("lookScript", () => {
  const look = (): string => execFileSync("sh", ["-c", lookScript], { env, encoding: "utf8" }).trim();

  it("tells an agent that is not yet up from one that is and one that was", () => {
    expect(look()).toBe("absent");
    startAgent();
    expect(look()).toBe("alive");
    tmux("kill-session", "-t", "main");
    expect(look()).toBe("ended");
  });
});
