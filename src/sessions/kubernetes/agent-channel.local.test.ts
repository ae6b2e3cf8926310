import fc from "fast-check";
import { describe, expect, vi } from "vitest";
import type { LocalTmux } from "../../../test/local-tmux.ts";
import { tmuxTest } from "../../../test/tmux-test.ts";
import { Emitter } from "../../lib/emitter.ts";
import { problemOf } from "../../lib/problem.ts";
import { AgentChannel, type ChannelSight } from "./agent-channel.ts";
import { lookScript } from "./agent-script.ts";
import { withLimit } from "./pod-runner.ts";
import { anyRuns } from "./program-search.ts";
import { watchCommand } from "./watch-script.ts";

interface Opened {
  readonly channel: AgentChannel;
  readonly sights: ChannelSight[];
}

const it = tmuxTest.extend<{ pod: LocalTmux; open: (name?: string, replyLimit?: number) => Opened }>({
  pod: async ({ tmux }, use) => use(tmux),
  open: async ({ pod }, use) =>
    use((name = "gascity-test", replyLimit) => {
      const { argv, input } = watchCommand(name);
      const process = pod.open(argv);
      process.write(input);
      const channel = new AgentChannel(process, name, replyLimit);
      const sights: ChannelSight[] = [];
      channel.onSight((sight) => sights.push(sight));
      return { channel, sights };
    }),
});

// Far above what any of it takes: a busy machine is no failure.
const patience = 10_000;

/** Waits until no watcher's process and no hook is left. */
async function untilNothingIsLeft(pod: LocalTmux): Promise<void> {
  const left = (): unknown => [
    pod.watchers(),
    pod.waiters(),
    pod.idleClients(),
    pod.tellers(),
    pod.files(),
    pod.hooks(),
  ];
  await vi.waitFor(() => expect(left()).toEqual([[], [], [], [], [], "session-closed"]), patience);
}

describe.concurrent("AgentChannel", () => {
  it("sees an agent come up and end", async ({ pod, open }) => {
    const { channel, sights } = open();
    await vi.waitFor(() => expect(sights).toEqual(["absent"]), 10_000);
    pod.startAgent();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    expect(sights).toEqual(["absent", "alive"]);
    pod.tmux("send-keys", "-t", "main", "C-d");
    await vi.waitFor(() => expect(sights).toEqual(["absent", "alive", "ended"]), patience);
  });

  it("sees an agent that ended before", async ({ pod, open }) => {
    pod.startAgent();
    pod.tmux("kill-session", "-t", "main");
    const { sights } = open();
    await vi.waitFor(() => expect(sights).toEqual(["ended"]), patience);
  });

  it("does not count as attached, and other sessions' ends are not the agent's", async ({ pod, open }) => {
    pod.startAgent();
    const { channel, sights } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    pod.tmux("new-session", "-d", "-s", "mainly", "cat");
    pod.tmux("kill-session", "-t", "mainly");
    expect(pod.tmux("display-message", "-p", "-t", "=main:", "#{session_attached} #{window_width}")).toBe("0 90\n");
    await channel.run(["has-session", "-t", "=main"]);
    expect(sights).toEqual(["alive"]);
  });

  it("sees the agent's end while other sessions of its server live on", async ({ pod, open }) => {
    pod.startAgent();
    const { channel, sights } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    pod.tmux("new-session", "-d", "-s", "other", "cat");
    pod.tmux("kill-session", "-t", "=main");
    await vi.waitFor(() => expect(sights).toEqual(["alive", "ended"]), patience);
  });

  const texts = [
    "plain",
    'it\'s $HOME "q" `x`; y',
    "größe 🚀 \\n #{pane_id} #(id)",
    "two\nlines\n\tand a tab",
    "-x",
    "\ngascity-test 0\n",
    // Bytes that shells use for themselves.
    "ЁЂѓЄЅІЇЈ \u0001\u007F",
    "0123456789abcde\n".repeat(500),
  ];

  it("runs commands in order, with any argument", async ({ pod, open }) => {
    pod.startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    await Promise.all(texts.map((text, index) => channel.run(["set-buffer", "-b", `b${index}`, "--", text])));
    expect(texts.map((_, index) => pod.tmux("save-buffer", "-b", `b${index}`, "-"))).toEqual(texts);
    const order = await Promise.all(["1", "2", "3"].map((n) => channel.run(["display-message", "-p", n])));
    expect(order).toEqual([["1"], ["2"], ["3"]]);
  });

  it("loads any text into a buffer, and goes on with commands behind it", async ({ pod, open }) => {
    pod.startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    const long = [...texts, "0123456789abcde\n".repeat(4096)];
    await Promise.all(long.map((text, index) => channel.load(`b${index}`, text)));
    expect(long.map((_, index) => pod.tmux("save-buffer", "-b", `b${index}`, "-"))).toEqual(long);
    await expect(channel.run(["display-message", "-p", "next"])).resolves.toEqual(["next"]);
  });

  it("tells tmux's errors", async ({ pod, open }) => {
    pod.startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    await expect(channel.run(["has-session", "-t", "=nobody"])).rejects.toThrow(/can't find session/u);
  });

  it("goes on behind a command that failed, with a client that waits for the next one", async ({ pod, open }) => {
    pod.startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    expect(pod.idleClients()).toEqual([]);
    const results = await Promise.allSettled([
      channel.run(["no-such-command"]),
      channel.run([
        "display-message",
        "-p",
        "first",
        ";",
        "has-session",
        "-t",
        "=nobody",
        ";",
        "display-message",
        "-p",
        "x",
      ]),
      channel.run(["display-message", "-p", "-t", "=main:", "#{session_name}"]),
    ]);
    expect(results).toEqual([
      { status: "rejected", reason: expect.objectContaining({ message: expect.stringMatching(/unknown command/u) }) },
      {
        status: "rejected",
        reason: expect.objectContaining({ message: expect.stringMatching(/can't find session/u) }),
      },
      { status: "fulfilled", value: ["main"] },
    ]);
    await vi.waitFor(() => expect(pod.idleClients()).toHaveLength(1), patience);
  });

  it("goes on when a client has read as often as it may", async ({ pod, open }) => {
    pod.startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    const numbers = Array.from({ length: 100 }, (_, index) => `${index}`);
    const answers = await Promise.all(numbers.map((number) => channel.run(["display-message", "-p", number])));
    expect(answers).toEqual(numbers.map((number) => [number]));
  });

  it("drops a cancelled command that waits, and gives the answer to one under way to nobody", async ({ pod, open }) => {
    pod.startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    const [first, second] = [new AbortController(), new AbortController()];
    const say = (word: string): string[] => ["display-message", "-p", word];
    const results = Promise.allSettled([
      channel.run(["wait-for", "gate", ";", ...say("first")], first.signal),
      channel.run(["set-buffer", "-b", "second", "x"], second.signal),
      channel.run(say("third")),
      channel.run(say("fourth"), AbortSignal.abort("fourth cancelled")),
    ]);
    second.abort("second cancelled");
    first.abort("first cancelled");
    pod.tmux("wait-for", "-S", "gate");
    expect(await results).toEqual([
      { status: "rejected", reason: "first cancelled" },
      { status: "rejected", reason: "second cancelled" },
      { status: "fulfilled", value: ["third"] },
      { status: "rejected", reason: "fourth cancelled" },
    ]);
    expect(() => pod.tmux("show-buffer", "-b", "second")).toThrow(/no buffer/u);
  });

  it("answers every command that is not cancelled, whichever are and whenever", async ({ pod, open }) => {
    pod.startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    const fates = fc.array(fc.constantFrom("stays", "fails", "goes at once", "goes soon"), { maxLength: 20 });
    const say = async (fate: string, index: number): Promise<unknown> => {
      const abort = new AbortController();
      const command = fate === "fails" ? ["no-such-command"] : ["display-message", "-p", `${index}`];
      const answer = channel.run(command, abort.signal);
      if (fate === "goes at once") abort.abort(fate);
      if (fate === "goes soon") setImmediate(() => abort.abort(fate));
      return answer.then(
        ([line]) => Number(line),
        (error: unknown) => (error === fate ? fate : problemOf(error).code),
      );
    };
    const due = (fate: string, index: number): unknown =>
      ({ stays: index, fails: "tmux-failed", "goes at once": fate })[fate] ?? expect.toBeOneOf([index, fate]);
    await fc.assert(
      fc.asyncProperty(fates, async (all) => {
        expect(await Promise.all(all.map(say))).toEqual(all.map(due));
      }),
      { numRuns: 30 },
    );
  });

  it("closes when nothing is answered any more, and leaves nothing behind", async ({ pod, open }) => {
    pod.startAgent();
    const { channel } = open("gascity-test", 500);
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    const answers = await Promise.allSettled([channel.run(["wait-for", "never"]), channel.run(["has-session"])]);
    expect(answers).toEqual(
      answers.map(() => ({ status: "rejected", reason: expect.objectContaining({ message: expect.any(String) }) })),
    );
    expect(channel.ready).toBe(false);
    await untilNothingIsLeft(pod);
  });

  it("says which session has not answered what, and goes on", async ({ pod, open }) => {
    pod.startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    const limited = withLimit(channel, "coder", 200);
    await expect(limited.run(["copy-mode", "-q", ";", "wait-for", "gate"])).rejects.toMatchObject({
      problem: {
        code: "timed-out",
        reason: expect.stringMatching(/session coder has not answered tmux wait-for within 0.2 s/u),
      },
    });
    pod.tmux("wait-for", "-S", "gate");
    await expect(channel.run(["display-message", "-p", "next"])).resolves.toEqual(["next"]);
    await expect(withLimit(channel, "coder", patience).run(["no-such-command"])).rejects.toMatchObject({
      problem: { code: "tmux-failed" },
    });
  });

  it("searches for programs, and finds neither itself nor another search", async ({ pod, open }) => {
    pod.startAgent("exec bash -c \"exec -a 'agent ЁЂѓ \\' cat\"");
    const [one, other] = [open("gascity-1").channel, open("gascity-2").channel];
    for (const channel of [one, other]) await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    const runs = (program: string): Promise<boolean> => anyRuns(one, [program]);
    await expect(runs("^agent ЁЂѓ \\\\")).resolves.toBe(true);
    await expect(runs("cat")).resolves.toBe(true);
    await expect(runs("orphaned|mkfifo|come_up")).resolves.toBe(false);
    const both = [one, other].flatMap((channel) => Array.from({ length: 20 }, () => anyRuns(channel, ["nobody-here"])));
    expect(new Set(await Promise.all(both))).toEqual(new Set([false]));
    await expect(runs("(")).rejects.toMatchObject({ problem: { code: "search-failed" } });
    await expect(one.run(["display-message", "-p", "next"])).resolves.toEqual(["next"]);
  });

  /** Waits until it is known at once, though the script is kept busy, that the program runs, or until that is no longer known. */
  const untilKnown = (channel: AgentChannel, program: string, known = true): Promise<void> =>
    vi.waitFor(async () => {
      const answer = await channel.search(program, AbortSignal.timeout(50)).catch(() => undefined);
      expect(answer?.exitCode).toBe(known ? 0 : undefined);
    }, patience);

  it("is told what runs in front, and does not search for that", async ({ pod, open }) => {
    pod.startAgent("sh");
    const { channel } = open("gascity-test", 6 * patience);
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    const busy = channel.run(["wait-for", "gate"]);
    await untilKnown(channel, "sh");
    pod.tmux("send-keys", "-t", "=main:", "cat", "Enter");
    await untilKnown(channel, "cat");
    pod.tmux("send-keys", "-t", "=main:", "C-d");
    await untilKnown(channel, "cat", false);
    pod.tmux("wait-for", "-S", "gate");
    await busy;
  });

  it("is told when the agent was active", async ({ pod, open }) => {
    const before = Date.now();
    pod.startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.lastActivity).toBeGreaterThan(before - 1000), patience);
    const begun = channel.lastActivity ?? 0;
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(begun + 2000), patience);
    pod.tmux("send-keys", "-t", "=main:", "x");
    await vi.waitFor(() => expect(channel.lastActivity).toBeGreaterThan(begun), patience);
    expect(channel.lastActivity).toBeLessThanOrEqual(Date.now());
  });

  it("searches when nobody tells any more", async ({ pod, open }) => {
    pod.startAgent();
    const { channel } = open("gascity-test", 6 * patience);
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    const busy = channel.run(["wait-for", "gate"]);
    await untilKnown(channel, "cat");
    expect(channel.lastActivity).toBeDefined();
    for (const pid of pod.tellers()) process.kill(Number(pid), "SIGKILL");
    await untilKnown(channel, "cat", false);
    expect(channel.lastActivity).toBeUndefined();
    expect([pod.tellers(), pod.files()]).toEqual([[], ["gascity-test"]]);
    pod.tmux("wait-for", "-S", "gate");
    await busy;
  });

  it("takes no program of a dead pane for one that runs", async ({ pod, open }) => {
    pod.startAgent();
    pod.tmux("set-option", "-t", "main", "remain-on-exit", "on");
    const { channel } = open("gascity-test", 6 * patience);
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    const busy = channel.run(["wait-for", "gate"]);
    await untilKnown(channel, "cat");
    pod.tmux("send-keys", "-t", "=main:", "C-d");
    await untilKnown(channel, "cat", false);
    pod.tmux("wait-for", "-S", "gate");
    await busy;
  });

  it("does not keep the server of an agent that has ended", async ({ pod, open }) => {
    pod.startAgent();
    const { channel, sights } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    await channel.run(["kill-session", "-t", "=main"]).catch(() => {});
    await vi.waitFor(() => expect(sights).toEqual(["alive", "ended"]), patience);
    channel.dispose();
    await vi.waitFor(() => expect(() => pod.tmux("list-sessions")).toThrow(/no server running/u), patience);
  });

  it("leaves nothing behind when tmux has ended with its client, and a command came after that", async ({
    pod,
    open,
  }) => {
    pod.startAgent();
    const { channel, sights } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    await channel.run(["has-session", "-t", "=main"]);
    channel.run(["kill-server"]).catch(() => {});
    const fails = (): Promise<string> =>
      channel.run(["has-session", "-t", "=main"]).then(
        () => "",
        (error: unknown) => problemOf(error).code,
      );
    // In control mode there may be no client any more that could say so.
    await vi.waitFor(async () => expect(await fails()).toMatch(/^(?:tmux-failed|cluster-unreachable)$/u), patience);
    await vi.waitFor(() => expect(sights).toEqual(["alive", "ended"]), patience);
    channel.dispose();
    await vi.waitFor(() => expect([pod.watchers(), pod.idleClients(), pod.files()]).toEqual([[], [], []]), patience);
  });

  it("leaves nothing behind when it is closed while it waits for a command", async ({ pod, open }) => {
    pod.startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    await channel.run(["has-session", "-t", "=main"]);
    await vi.waitFor(() => expect(pod.idleClients()).toHaveLength(1), patience);
    channel.dispose();
    await untilNothingIsLeft(pod);
  });

  it("leaves nothing behind when it is closed, and fails what was under way", async ({ pod, open }) => {
    pod.startAgent();
    const { channel } = open();
    await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    const pending = channel.run(["has-session", "-t", "=main"]);
    channel.dispose();
    await expect(pending).rejects.toThrow(/has ended/u);
    await untilNothingIsLeft(pod);
    expect(pod.tmux("list-sessions", "-F", "#{session_name}")).toBe("main\n");
  });

  it("leaves nothing behind when its controller is killed while it waits for an agent", async ({ pod, open }) => {
    const { sights } = open();
    await vi.waitFor(() => expect(sights).toEqual(["absent"]), patience);
    pod.breakStreams();
    await vi.waitFor(() => expect(pod.watchers()).toEqual([]), patience);
  });

  it.for([
    ["ends", (pod: LocalTmux) => pod.breakStreams()],
    ["is read by nobody", (pod: LocalTmux) => pod.abandonStreams()],
  ] as const)(
    "leaves nothing behind when its controller is killed in a command, whose output %s",
    async ([, kill], { pod, open }) => {
      // More than pipes hold: 2000 lines of 80 characters.
      pod.startAgent(`yes ${"0123456789abcdef".repeat(5)} | head -n 3000; cat`);
      const { channel } = open();
      await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
      const whole = (): Promise<readonly string[]> => channel.run(["capture-pane", "-p", "-t", "=main:", "-S", "-"]);
      await vi.waitFor(async () => expect((await whole()).length).toBeGreaterThan(1800), patience);
      whole().catch(() => {});
      kill(pod);
      await untilNothingIsLeft(pod);
    },
  );

  it("clears up after one that was killed in the pod, which says nothing of the agent, and leaves others alone", async ({
    pod,
    open,
  }) => {
    pod.startAgent();
    pod.tmux("new-session", "-d", "-s", "other", "cat");
    const killed = open("gascity-1");
    await vi.waitFor(() => expect([killed.channel.ready, pod.waiters().length]).toEqual([true, 1]), patience);
    await killed.channel.run(["has-session", "-t", "=main"]);
    await pod.killWatcher("gascity-1");
    const living = ["gascity-2", "gascity-3"].map((name) => open(name));
    for (const { channel } of living) await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    await killed.channel.end;
    expect(killed.sights).toEqual(["alive"]);
    await vi.waitFor(() => expect([pod.hooks().split("\n").length, pod.waiters().length]).toEqual([2, 2]), patience);
    expect(pod.hooks()).not.toContain("gascity-1");
    pod.tmux("kill-session", "-t", "=main");
    for (const { channel, sights } of living) {
      await vi.waitFor(() => expect(sights).toEqual(["alive", "ended"]), patience);
      channel.dispose();
    }
    await untilNothingIsLeft(pod);
  });

  it("sees the end of an agent that ends as soon as it is seen", async ({ pod, open }) => {
    for (let round = 0; round < 5; round++) {
      pod.startAgent();
      const { channel, sights } = open(`gascity-${round}`);
      await vi.waitFor(() => expect(channel.ready).toBe(true), { timeout: patience, interval: 1 });
      pod.tmux("send-keys", "-t", "main", "C-d");
      await vi.waitFor(() => expect(sights).toEqual(["alive", "ended"]), patience);
    }
  });

  it("lets several watch one agent: each sees its end, and one that goes takes nothing from the others", async ({
    pod,
    open,
  }) => {
    pod.startAgent();
    pod.tmux("new-session", "-d", "-s", "other", "cat");
    const watches = ["gascity-1", "gascity-2", "gascity-3"].map((name) => open(name));
    for (const { channel } of watches) await vi.waitFor(() => expect(channel.ready).toBe(true), patience);
    watches[0]?.channel.dispose();
    pod.tmux("kill-session", "-t", "=main");
    for (const { sights } of watches.slice(1)) {
      await vi.waitFor(() => expect(sights).toEqual(["alive", "ended"]), patience);
    }
  });

  it("never harms the server by closing, whoever else uses it", async ({ pod, open }) => {
    pod.startAgent();
    const server = (): string => pod.tmux("display-message", "-p", "-t", "=main:", "#{pid}");
    const before = server();
    for (let round = 0; round < 10; round++) {
      const { channel } = open(`gascity-${round}`);
      await vi.waitFor(() => expect(channel.ready).toBe(true), { timeout: patience, interval: 5 });
      pod.tmux("new-session", "-d", "-s", "other", "cat");
      channel.dispose();
      pod.tmux("kill-session", "-t", "=other");
      const others = "for other in 1 2 3 4 5; do tmux has-session -t =main || exit; done";
      expect(await pod.run(["sh", "-c", others])).toMatchObject({ exitCode: 0 });
    }
    expect(server()).toBe(before);
  });
});

describe("AgentChannel, told news in the middle of an answer", () => {
  it("puts the answer together again, wherever the news fell", async () => {
    const output = new Emitter<Uint8Array>();
    const end = new Promise<number>(() => {});
    const channel = new AgentChannel({ onOutput: output.event, end, write: () => {}, dispose: () => {} }, "gascity-1");
    const answer = Buffer.from("größe 🚀\n");
    output.fire(Buffer.from("\ngascity-1 alive\n"));
    for (let place = 0; place <= answer.length; place++) {
      const answered = channel.run(["has-session"]);
      const news = ["\ngascity-1 runs 1 2 ", "größe", "\n"].map((part) => Buffer.from(part));
      const all = Buffer.concat([answer.subarray(0, place), ...news, answer.subarray(place)]);
      for (const byte of all) output.fire(Uint8Array.of(byte));
      output.fire(Buffer.from("\ngascity-1 0\n"));
      expect(await answered).toEqual(["größe 🚀"]);
      expect(await channel.search("größe")).toEqual({ exitCode: 0, output: "" });
      expect(channel.lastActivity).toBe(2000);
    }
    channel.dispose();
  });
});

describe("AgentChannel, answered in control mode", () => {
  it("sends commands before earlier ones are answered, but searches alone", async () => {
    const output = new Emitter<Uint8Array>();
    const written: string[] = [];
    const write = (line: string): void => void written.push(line.replace(/^=.*\n/u, "").trim());
    const end = new Promise<number>(() => {});
    const channel = new AgentChannel({ onOutput: output.event, end, write, dispose: () => {} }, "gascity-1");
    const say = (text: string): void => output.fire(Buffer.from(text));
    const answer = (text: string): void =>
      say(`%begin 1 2 1\n${text}\n%end 1 2 1\n%begin 1 3 1\ngascity-1 done\n%end 1 3 1\n%sessions-changed\n`);
    const ask = (name: string): Promise<readonly string[]> => channel.run(["has-session", "-t", name]);
    say("\ngascity-1 alive\n");
    written.splice(0);
    const first = [ask("a"), ask("b")];
    expect(written).toEqual(["0 a"]);
    answer("one");
    answer("two");
    expect(await Promise.all(first)).toEqual([["one"], ["two"]]);
    const [third, fourth, search, fifth] = [ask("c"), ask("d"), channel.search("x"), ask("e")];
    expect(written).toEqual(["0 a", "0 b", "0 c", "0 d"]);
    answer("three");
    answer("four");
    expect(await Promise.all([third, fourth])).toEqual([["three"], ["four"]]);
    expect(written.slice(4)).toEqual([expect.stringMatching(/^\?x/u)]);
    say("pgrep: no\n\ngascity-1 2\n");
    expect(await search).toEqual({ exitCode: 2, output: "pgrep: no\n" });
    expect(written.at(-1)).toBe("0 e");
    say("%begin 1 4 1\nno such session\n%error 1 4 1\n%begin 1 5 1\ngascity-1 done\n");
    await expect(fifth).rejects.toThrow(/no such session/u);
    const last = [ask("f"), ask("g")];
    say("\ngascity-1 gone\n");
    for (const each of last) await expect(each).rejects.toThrow(/has ended/u);
    channel.dispose();
  });
});

describe.concurrent("lookScript", () => {
  const look = async (pod: LocalTmux): Promise<string> => (await pod.run(["sh", "-c", lookScript])).stdout.trim();

  it("tells an agent that is not yet up from one that is and one that was", async ({ pod }) => {
    expect(await look(pod)).toBe("absent");
    pod.startAgent();
    expect(await look(pod)).toBe("alive");
    pod.tmux("kill-session", "-t", "main");
    expect(await look(pod)).toBe("ended");
  });
});
