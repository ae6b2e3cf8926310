import type { Duplex } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { ApiServer } from "../../test/api-server.ts";
import { encodeFrame, execChannel } from "./exec-frames.ts";
import { type ExecStream, openExec } from "./exec-stream.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const timing = { handshake: 300, ping: 50, pong: 100 };
const success = Buffer.from('{"status":"Success"}');

/** Opens an exec stream on a server that speaks `protocol` and then does as the test says. */
async function open(protocol: string | false, play: (socket: WebSocket, raw: Duplex) => void): Promise<ExecStream> {
  const webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => protocol });
  return openOn({
    upgrade: (request, raw, head) => webSockets.handleUpgrade(request, raw, head, (socket) => play(socket, raw)),
  });
}

async function openOn(
  api: Parameters<typeof ApiServer.start>[0],
  { tokens = [] as readonly string[], handshake = 10_000 } = {},
): Promise<ExecStream> {
  const server = await ApiServer.start(api, tokens);
  cleanUps.push(() => server[Symbol.asyncDispose]());
  const request = { namespace: "n", pod: "p", container: "c", command: ["cat"], stdin: true, tty: false };
  const stream = await openExec(server.connection, request, undefined, { ...timing, handshake });
  cleanUps.push(() => stream.dispose());
  return stream;
}

function outputOf(stream: ExecStream): () => string {
  const chunks: Uint8Array[] = [];
  stream.onStdout((chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}

describe("openExec", () => {
  it("hears what is said at once, and the exit code, past empty frames and unknown channels", async () => {
    const stream = await open("v5.channel.k8s.io", (socket) => {
      socket.send(Buffer.alloc(0));
      socket.send(encodeFrame(execChannel.stdout, Buffer.alloc(0)));
      socket.send(encodeFrame(9, Buffer.from("?")));
      socket.send(encodeFrame(execChannel.stdout, Buffer.from([0xc3])));
      socket.send(encodeFrame(execChannel.stdout, Buffer.from([0xa4])));
      socket.send(encodeFrame(execChannel.status, success));
      socket.close();
    });
    const output = outputOf(stream);
    expect(await stream.ended).toBe(0);
    expect(output()).toBe("ä");
  });

  it("closes its input with v5, and cannot with v4", async () => {
    for (const [protocol, frames] of [
      ["v5.channel.k8s.io", [Buffer.from([0, 0x78]), Buffer.from([255, 0])]],
      ["v4.channel.k8s.io", [Buffer.from([0, 0x78])]],
    ] as const) {
      const received: Buffer[] = [];
      const stream = await open(protocol, (socket) => {
        socket.on("message", (data: Buffer) => received.push(data));
        socket.on("ping", () => {
          socket.send(encodeFrame(execChannel.status, success));
          socket.close();
        });
      });
      await stream.write("x");
      stream.endInput();
      await stream.ended;
      expect(received).toEqual(frames);
    }
  });

  it("tells a refusal with the API server's words", async () => {
    const body = JSON.stringify({ kind: "Status", reason: "Forbidden", message: "you shall not exec" });
    const refused = openOn({
      upgrade: (_, raw) =>
        raw.end(`HTTP/1.1 403 Forbidden\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`),
    });
    await expect(refused).rejects.toMatchObject({ name: "ApiError", status: 403, message: "you shall not exec" });
  });

  it.each([
    ["that never answers", { upgrade: () => {} }],
    ["that hangs up", { upgrade: (_: unknown, raw: Duplex) => raw.destroy() }],
    [
      "that answers without an end",
      {
        upgrade(_: unknown, raw: Duplex) {
          raw.write("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 9\r\n\r\n");
          // Byte by byte it would be waited for as long as it likes.
          const drip = setInterval(() => raw.write(" "), timing.handshake / 8);
          raw.on("close", () => clearInterval(drip));
        },
      },
    ],
  ])("fails on a server %s", async (_, api) => {
    await expect(openOn(api, timing)).rejects.toMatchObject({ problem: { code: "cluster-unreachable" } });
  });

  it.each([
    ["and tries once more", ["old", "good"], ["Bearer old", "Bearer good"], undefined],
    [
      "but does not try for ever",
      ["old", "bad", "good"],
      ["Bearer old", "Bearer bad"],
      { name: "ApiError", status: 401 },
    ],
  ])("reads the credentials again when they are refused, %s", async (_, tokens, expected, refusal) => {
    const tried: (string | undefined)[] = [];
    const webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => "v5.channel.k8s.io" });
    const opening = openOn(
      {
        upgrade(request, raw, head) {
          tried.push(request.headers.authorization);
          if (request.headers.authorization === "Bearer good") webSockets.handleUpgrade(request, raw, head, () => {});
          else raw.end("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        },
      },
      { tokens },
    );
    if (refusal) await expect(opening).rejects.toMatchObject(refusal);
    else await opening;
    expect(tried).toEqual(expected);
  });

  it("tells the status of a refusal that breaks off", async () => {
    const refused = openOn({
      upgrade: (_, raw) => raw.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 100\r\n\r\n{"),
    });
    await expect(refused).rejects.toMatchObject({ name: "ApiError", status: 403 });
  });

  it("rejects with the caller's own reason when the caller aborts", async () => {
    const abort = new AbortController();
    const server = await ApiServer.start({ upgrade: () => abort.abort(new Error("not wanted any more")) });
    cleanUps.push(() => server[Symbol.asyncDispose]());
    const request = { namespace: "n", pod: "p", container: "c", command: ["cat"], stdin: true, tty: false };
    await expect(openExec(server.connection, request, abort.signal)).rejects.toThrow("not wanted any more");
  });

  it("fails on a server that speaks no protocol of ours", async () => {
    await expect(open(false, () => {})).rejects.toThrow(/subprotocol/u);
  });
});

describe("ExecStream", () => {
  it("rejects when the connection is reset before the command has ended", async () => {
    const stream = await open("v5.channel.k8s.io", (_, raw) => raw.destroy());
    await expect(stream.ended).rejects.toMatchObject({ problem: { code: "cluster-unreachable" } });
  });

  it("notices an end that has gone without a word", async () => {
    const stream = await open("v5.channel.k8s.io", (_, raw) => raw.pause());
    await expect(stream.ended).rejects.toMatchObject({ problem: { reason: expect.stringMatching(/ETIMEDOUT/u) } });
  });

  it("is patient with a server that has much input to take before a ping", async () => {
    const stream = await open("v5.channel.k8s.io", (socket, raw) => {
      raw.pause();
      // Past three limits of a ping that waits for nothing.
      setTimeout(() => raw.resume(), 3 * timing.pong);
      socket.on("ping", () => {
        socket.send(encodeFrame(execChannel.status, success));
        socket.close();
      });
    });
    void stream.write(Buffer.alloc(40 * 1024 * 1024));
    expect(await stream.ended).toBe(0);
  });

  it("keeps the order of input that is written without waiting", async () => {
    const received: Buffer[] = [];
    const stream = await open("v5.channel.k8s.io", (socket) => {
      socket.on("message", (frame: Buffer) => {
        received.push(frame.subarray(1));
        if (frame[0] !== execChannel.close) return;
        socket.send(encodeFrame(execChannel.status, success));
        socket.close();
      });
    });
    // Far more than a writer may send at once.
    void stream.write(Buffer.alloc(5_000_000, "a"));
    void stream.write("b");
    stream.endInput();
    await stream.ended;
    const all = Buffer.concat(received.slice(0, -1));
    expect({ length: all.length, b: all.indexOf("b") }).toEqual({ length: 5_000_001, b: 5_000_000 });
  });

  it("does not take a command for dead while it is paused, and loses nothing", async () => {
    const stream = await open("v5.channel.k8s.io", (socket) => {
      socket.once("message", () => {
        // Past the time in which a pong would have been missed.
        setTimeout(
          () => {
            socket.send(encodeFrame(execChannel.stdout, Buffer.from("late")));
            socket.send(encodeFrame(execChannel.status, success));
            socket.close();
            stream.resume();
          },
          2 * (timing.ping + timing.pong),
        );
      });
    });
    const output = outputOf(stream);
    stream.pause();
    void stream.write("x");
    expect(await stream.ended).toBe(0);
    expect(output()).toBe("late");
  });

  it("makes a writer wait while the other end does not read", async () => {
    let raw: Duplex | undefined;
    const stream = await open("v5.channel.k8s.io", (socket, duplex) => {
      raw = duplex;
      duplex.pause();
      socket.on("message", () => {});
    });
    let written = false;
    const writing = stream.write(Buffer.alloc(32 * 1024 * 1024)).then(() => (written = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toBe(false);
    raw?.resume();
    await writing;
    expect(written).toBe(true);
  });
});
