import { afterEach, describe, expect, it, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { ApiServer } from "../../test/api-server.ts";
import { type ExecCommandOptions, type ExecOutput, execCommand } from "./exec-command.ts";
import { encodeFrame, execChannel } from "./exec-frames.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** Runs a command on a server that does as the test says. */
async function run(play: (socket: WebSocket) => void, options?: ExecCommandOptions): Promise<ExecOutput> {
  const webSockets = new WebSocketServer({ noServer: true });
  const server = await ApiServer.start({
    upgrade: (request, raw, head) => webSockets.handleUpgrade(request, raw, head, play),
  });
  cleanUps.push(() => server[Symbol.asyncDispose]());
  return execCommand(server.connection, { namespace: "n", pod: "p", container: "c" }, ["do", "it"], options);
}

function succeed(socket: WebSocket): void {
  socket.send(encodeFrame(execChannel.status, Buffer.from('{"status":"Success"}')));
  socket.close();
}

describe("execCommand", () => {
  it("leaves input that never comes when the command has ended", async () => {
    async function* never(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("a");
      await new Promise(() => {});
    }
    expect(await run((socket) => socket.once("message", () => succeed(socket)), { input: never() })).toEqual({
      stdout: "",
      stderr: "",
      exitCode: 0,
    });
  });

  it("closes input that goes on for ever when the command has ended", async () => {
    const closed = vi.fn();
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(100_000);
      } finally {
        closed();
      }
    }
    await run((socket) => socket.once("message", () => succeed(socket)), { input: endless() });
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce(), 10_000);
  });

  it("fails with the input's own error", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("a");
      throw new Error("the disk is on fire");
    }
    await expect(run(() => {}, { input: broken() })).rejects.toThrow("the disk is on fire");
  });

  it("sends all of a text and then ends it", async () => {
    const text = "ä".repeat(100_000);
    const received: Buffer[] = [];
    await run(
      (socket) =>
        socket.on("message", (frame: Buffer) => {
          received.push(frame);
          if (frame[0] === execChannel.close) succeed(socket);
        }),
      { input: text },
    );
    const end = received.pop();
    expect(end).toEqual(encodeFrame(execChannel.close, Uint8Array.of(execChannel.stdin)));
    expect(received.every((frame) => frame[0] === execChannel.stdin)).toBe(true);
    expect(Buffer.concat(received.map((frame) => frame.subarray(1))).toString("utf8") === text).toBe(true);
  });

  it("gives up on a command that takes too long, and tells what it said", async () => {
    await expect(run(() => {}, { timeout: 100 })).rejects.toMatchObject({
      problem: { code: "timed-out", reason: "do it took more than 0.1 s in the pod p" },
    });
    const complain = (socket: WebSocket): void =>
      socket.send(encodeFrame(execChannel.stderr, Buffer.from("no\nspace\n")));
    await expect(run(complain, { timeout: 100 })).rejects.toThrow("in the pod p; it said: no space. ");
  });

  it("rejects with the caller's own reason when the caller aborts, and hangs up", async () => {
    const abort = new AbortController();
    const hungUp = vi.fn();
    const reason = new Error("not wanted any more");
    const play = (socket: WebSocket): void => {
      socket.on("close", hungUp);
      socket.on("message", () => abort.abort(reason));
    };
    await expect(run(play, { input: "a", signal: abort.signal })).rejects.toBe(reason);
    await vi.waitFor(() => expect(hungUp).toHaveBeenCalled(), 10_000);
  });

  it("ends a command that floods", async () => {
    const frame = encodeFrame(execChannel.stdout, Buffer.alloc(9 * 1024 * 1024));
    const flood = (socket: WebSocket): void => {
      for (let count = 0; count < 8; count += 1) socket.send(frame);
    };
    await expect(run(flood)).rejects.toMatchObject({ problem: { reason: expect.stringMatching(/more than 64 MiB/u) } });
  });
});
