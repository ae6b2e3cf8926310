import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Emitter } from "../../lib/emitter.ts";
import { ProblemError } from "../../lib/problem.ts";
import type { Attachment, AttachmentEnd, TerminalSize } from "../../sessions/session-provider.ts";
import { StreamTerminal } from "./stream-terminal.ts";

/** The far side of a terminal: what a test lets the agent do. */
class FarSide implements Attachment {
  readonly data = new Emitter<Uint8Array>();
  readonly end = new Emitter<AttachmentEnd>();
  readonly onData = this.data.event;
  readonly onEnd = this.end.event;
  readonly written: string[] = [];
  readonly sizes: TerminalSize[] = [];
  detached = false;

  write(data: string): void {
    this.written.push(data);
  }
  resize(size: TerminalSize): void {
    this.sizes.push(size);
  }
  dispose(): void {
    this.detached = true;
  }
}

function open() {
  const connections: { size: TerminalSize; signal: AbortSignal; answer: PromiseWithResolvers<Attachment> }[] = [];
  const shown = { text: "", closed: false };
  const terminal = new StreamTerminal(
    "coder",
    (size, signal) => {
      const answer = Promise.withResolvers<Attachment>();
      connections.push({ size, signal, answer });
      return answer.promise;
    },
    {
      write(text) {
        shown.text += text;
      },
      close() {
        shown.closed = true;
      },
    },
  );
  const answer = async (index: number): Promise<FarSide> => {
    const far = new FarSide();
    connections[index]?.answer.resolve(far);
    await settle();
    return far;
  };
  return { terminal, connections, shown, answer };
}

/** Lets all promises that are ready run their reactions. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

const size = { columns: 100, rows: 30 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("StreamTerminal", () => {
  it("connects at once when it knows its size", () => {
    const { terminal, connections } = open();
    terminal.open(size);
    expect(connections.map((each) => each.size)).toEqual([size]);
  });

  it("waits for the size, but not for ever", async () => {
    const { terminal, connections } = open();
    terminal.open(undefined);
    await vi.advanceTimersByTimeAsync(1999);
    expect(connections).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(connections.map((each) => each.size)).toEqual([{ columns: 80, rows: 24 }]);
  });

  it("connects once when the size comes late", async () => {
    const { terminal, connections } = open();
    terminal.open(undefined);
    terminal.resize(size);
    await vi.advanceTimersByTimeAsync(5000);
    expect(connections.map((each) => each.size)).toEqual([size]);
  });

  it("keeps a character whole that comes in pieces", async () => {
    const { terminal, shown, answer } = open();
    terminal.open(size);
    const far = await answer(0);
    for (const byte of new TextEncoder().encode("grün 🏙")) far.data.fire(Uint8Array.of(byte));
    expect(shown.text).toMatch(/grün 🏙$/u);
  });

  it("passes input and sizes on, and the size that changed while connecting", async () => {
    const { terminal, answer } = open();
    terminal.open(size);
    terminal.resize({ columns: 120, rows: 40 });
    const far = await answer(0);
    terminal.input("ls\r");
    terminal.resize({ columns: 90, rows: 20 });
    expect(far.written).toEqual(["ls\r"]);
    expect(far.sizes).toEqual([
      { columns: 120, rows: 40 },
      { columns: 90, rows: 20 },
    ]);
  });

  it("does not keep what was typed before the agent was there", async () => {
    const { terminal, answer } = open();
    terminal.open(size);
    terminal.input("\r");
    expect((await answer(0)).written).toEqual([]);
  });

  it("says why a stream broke and connects again on Enter", async () => {
    const { terminal, connections, shown, answer } = open();
    terminal.open(size);
    const far = await answer(0);
    far.data.fire(new TextEncoder().encode("work"));
    far.end.fire({ kind: "broken", message: "no answer for 30 s." });
    expect(shown.text).toContain("Lost the connection to coder: no answer for 30 s. Trying again by itself; ");
    expect(shown.text.indexOf("\u001B[!p")).toBeGreaterThan(shown.text.indexOf("work"));
    expect(far.detached).toBe(true);
    terminal.input("x");
    expect(connections).toHaveLength(1);
    terminal.resize({ columns: 70, rows: 10 });
    terminal.input("\r");
    expect(connections[1]?.size).toEqual({ columns: 70, rows: 10 });
    const next = await answer(1);
    terminal.input("y");
    expect(next.written).toEqual(["y"]);
    expect(far.written).toEqual([]);
  });

  it("comes back by itself, with growing pauses, and says once why it is away", async () => {
    const { terminal, connections, shown, answer } = open();
    terminal.open(size);
    (await answer(0)).end.fire({ kind: "broken", message: "no answer" });
    const away = new ProblemError({ code: "cluster-unreachable", reason: "it does not answer", action: "Wait" });
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 9; attempt++) {
      const before = Date.now();
      while (connections.length === attempt) await vi.advanceTimersByTimeAsync(100);
      pauses.push(Date.now() - before);
      connections[attempt]?.answer.reject(away);
      await settle();
    }
    expect(pauses[0]).toBeLessThanOrEqual(800);
    expect(pauses.at(-1)).toBeGreaterThanOrEqual(30_000);
    expect(pauses.at(-1)).toBeLessThanOrEqual(45_100);
    expect(shown.text.match(/Lost the connection|Cannot attach/gu)).toEqual(["Lost the connection"]);
    terminal.input("\r");
    expect(connections).toHaveLength(11);
    const far = await answer(10);
    far.data.fire(new TextEncoder().encode("back"));
    await vi.advanceTimersByTimeAsync(10_000);
    far.end.fire({ kind: "broken", message: "no answer again" });
    expect(shown.text).toContain("no answer again");
    await vi.advanceTimersByTimeAsync(800);
    expect(connections).toHaveLength(12);
  });

  it.each([
    ["while it waits", 0],
    ["while it tries", 800],
  ])("tries no more when it is closed by Ctrl-D %s", async (_, wait) => {
    const { terminal, connections, shown, answer } = open();
    terminal.open(size);
    (await answer(0)).end.fire({ kind: "broken", message: "no answer" });
    await vi.advanceTimersByTimeAsync(wait);
    const tried = connections.length;
    terminal.input("\u0004");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(shown.closed).toBe(true);
    expect(connections).toHaveLength(tried);
    if (tried > 1) expect((await answer(1)).detached).toBe(true);
  });

  it("leaves the agent's sequences as they are: what they may do is the editor's rule", async () => {
    const { terminal, shown, answer } = open();
    terminal.open(size);
    const far = await answer(0);
    const sequences =
      "\u001B]52;c;c2VjcmV0\u0007\u001B]8;;file:///etc/passwd\u0007link\u001B]8;;\u0007\u001B]0;title\u0007";
    for (const byte of new TextEncoder().encode(sequences)) far.data.fire(Uint8Array.of(byte));
    expect(shown.text.endsWith(sequences)).toBe(true);
  });

  it("connects again when told to, but only once its stream has ended", async () => {
    const { terminal, connections, answer } = open();
    terminal.open(size);
    terminal.reconnect();
    const far = await answer(0);
    terminal.reconnect();
    expect(connections).toHaveLength(1);
    far.end.fire({ kind: "broken", message: "no answer" });
    terminal.reconnect();
    expect(connections).toHaveLength(2);
  });

  it("says that the agent has ended; Ctrl-D then closes", async () => {
    const { terminal, shown, answer } = open();
    terminal.open(size);
    (await answer(0)).end.fire({ kind: "exited", message: "the pod was deleted" });
    expect(shown.text).toContain("coder has ended: the pod was deleted.");
    expect(shown.closed).toBe(false);
    terminal.input("\u0004");
    expect(shown.closed).toBe(true);
  });

  it("closes when the person detached", async () => {
    const { terminal, shown, answer } = open();
    terminal.open(size);
    (await answer(0)).end.fire({ kind: "detached", message: "detached" });
    expect(shown.closed).toBe(true);
  });

  it("shows reason and action when it cannot connect, and tries again on Enter", async () => {
    const { terminal, connections, shown } = open();
    terminal.open(size);
    connections[0]?.answer.reject(
      new ProblemError({ code: "session-missing", reason: "coder does not run", action: "Start it first" }),
    );
    await settle();
    expect(shown.text).toContain(
      "Cannot attach to coder: coder does not run. Start it first. Press Enter to try again.",
    );
    expect(shown.text).not.toContain("\u001B[!p");
    terminal.input("\r");
    expect(connections).toHaveLength(2);
  });

  it("detaches when its tab is closed", async () => {
    const { terminal, answer } = open();
    terminal.open(size);
    const far = await answer(0);
    terminal.close();
    expect(far.detached).toBe(true);
  });

  it("leaves no attachment behind when its tab is closed while it connects", async () => {
    const { terminal, connections, answer } = open();
    terminal.open(size);
    terminal.close();
    expect(connections[0]?.signal.aborted).toBe(true);
    expect((await answer(0)).detached).toBe(true);
  });

  it("does not connect when its tab is closed before it has a size", async () => {
    const { terminal, connections } = open();
    terminal.open(undefined);
    terminal.close();
    await vi.advanceTimersByTimeAsync(5000);
    terminal.resize(size);
    expect(connections).toEqual([]);
  });
});
