import { once } from "node:events";
import { WebSocket } from "ws";
import type { Disposable } from "../lib/disposable.ts";
import { Emitter } from "../lib/emitter.ts";
import { ApiError, apiErrorOf } from "./api-error.ts";
import { apiPath, checkedName } from "./api-path.ts";
import { clusterProblem } from "./cluster-problem.ts";
import type { KubernetesConnection } from "./connection.ts";
import { decodeFrame, encodeFrame, execChannel, execProtocols } from "./exec-frames.ts";
import { exitCodeOf } from "./exec-status.ts";

/** A command to run in a container. */
export interface ExecRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin: boolean;
  /** With a terminal there is no stderr of its own. */
  readonly tty: boolean;
}

/** How long to wait for what, in milliseconds. */
export interface ExecTiming {
  /** For the answer to the request that opens the stream. */
  readonly handshake: number;
  /** Between pings. */
  readonly ping: number;
  /** For the answer to a ping. */
  readonly pong: number;
}

// A connection whose other end has gone is noticed within a minute: one ping without its pong.
const defaultTiming: ExecTiming = { handshake: 15_000, ping: 20_000, pong: 15_000 };
// So much may wait in the socket before a writer has to wait.
const highWater = 1024 * 1024;
// Larger frames than this are split: API servers refuse very large ones.
const maximumChunk = 64 * 1024;

/** A command that runs in a container, and its open streams. Disposing it closes them; the command sees a hang-up. */
export class ExecStream implements Disposable {
  readonly #socket: WebSocket;
  readonly #stdout = new Emitter<Uint8Array>();
  readonly #stderr = new Emitter<Uint8Array>();
  readonly #server: string;
  readonly #ended = Promise.withResolvers<number>();
  readonly #pinger: NodeJS.Timeout;
  #pong: NodeJS.Timeout | undefined;
  #result: number | ApiError | undefined;

  constructor(socket: WebSocket, server: string, timing: ExecTiming) {
    this.#socket = socket;
    this.#server = server;
    // Whoever does not ask how it ended must not be told by a crash.
    this.#ended.promise.catch(() => {});
    socket.on("message", (data: Buffer) => this.#receive(data));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", (code, reason) => this.#close(code, reason.toString()));
    socket.on("pong", () => {
      clearTimeout(this.#pong);
      this.#pong = undefined;
    });
    this.#pinger = setInterval(() => this.#ping(timing.pong), timing.ping);
    // `opened` has paused it: whoever listens in the turn in which the stream was opened misses nothing.
    setImmediate(() => socket.resume());
  }

  readonly onStdout = this.#stdout.event;
  readonly onStderr = this.#stderr.event;

  /** The command's exit code. Rejects when it could not run (ApiError) or the stream broke before it ended (ProblemError). */
  get ended(): Promise<number> {
    return this.#ended.promise;
  }

  /** Sends input; resolves when more may follow. What is written after the end is lost. */
  async write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    for (let offset = 0; offset < bytes.length; offset += maximumChunk) {
      this.#send(execChannel.stdin, bytes.subarray(offset, offset + maximumChunk));
      if (this.#socket.bufferedAmount > highWater) await this.#drained();
    }
  }

  /** Ends the input. Only v5 of the protocol can; with v4 the command must know by itself when it has all. */
  endInput(): void {
    if (this.#socket.protocol === execProtocols[0]) this.#send(execChannel.close, Uint8Array.of(execChannel.stdin));
  }

  /** Tells the terminal its size in characters. */
  resize({ columns, rows }: { readonly columns: number; readonly rows: number }): void {
    this.#send(execChannel.resize, Buffer.from(JSON.stringify({ Width: columns, Height: rows })));
  }

  /** Lets the other end wait; output goes on after `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  dispose(): void {
    this.#finish();
    this.#ended.reject(new ApiError(499, "Closed", "the stream was closed on this side"));
    this.#socket.terminate();
  }

  #receive(data: Buffer): void {
    const frame = decodeFrame(data);
    if (!frame || frame.data.length === 0) return;
    if (frame.channel === execChannel.stdout) this.#stdout.fire(frame.data);
    else if (frame.channel === execChannel.stderr) this.#stderr.fire(frame.data);
    else if (frame.channel === execChannel.status) this.#result = exitCodeOf(frame.data.toString("utf8"));
  }

  #send(channel: number, data: Uint8Array): void {
    // ws would throw or keep it for ever; the command's end is told by `ended`.
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(encodeFrame(channel, data));
  }

  async #drained(): Promise<void> {
    while (this.#socket.readyState === WebSocket.OPEN && this.#socket.bufferedAmount > highWater / 2) {
      const { promise, resolve } = Promise.withResolvers<void>();
      // ws calls back when the bytes before this empty frame have gone out.
      this.#socket.ping(undefined, undefined, () => resolve());
      await promise;
    }
  }

  #ping(limit: number): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.ping();
    this.#pong ??= setTimeout(() => {
      this.#fail(Object.assign(new Error("no answer to a ping"), { code: "ETIMEDOUT" }));
      this.#socket.terminate();
    }, limit);
  }

  #close(code: number, reason: string): void {
    if (typeof this.#result === "number") this.#ended.resolve(this.#result);
    else if (this.#result) this.#ended.reject(this.#result);
    else this.#fail(Object.assign(new Error(`closed with ${code} ${reason}`), { code: "ECONNRESET" }));
    this.#finish();
  }

  #fail(error: unknown): void {
    this.#ended.reject(clusterProblem(error, this.#server));
  }

  #finish(): void {
    clearInterval(this.#pinger);
    clearTimeout(this.#pong);
  }
}

/** Starts a command in a container. Fails with an ApiError when the API server refuses, else with a ProblemError. */
export async function openExec(
  connection: KubernetesConnection,
  request: ExecRequest,
  signal?: AbortSignal,
  timing: ExecTiming = defaultTiming,
): Promise<ExecStream> {
  signal?.throwIfAborted();
  const path = apiPath(
    ["api", "v1", "namespaces", checkedName(request.namespace), "pods", checkedName(request.pod), "exec"],
    {
      container: checkedName(request.container),
      command: request.command,
      stdin: request.stdin,
      stdout: true,
      stderr: !request.tty,
      tty: request.tty,
    },
  );
  const { url, agent, headers } = await connection.webSocketAccess(path);
  const socket = new WebSocket(url, execProtocols, {
    agent,
    headers,
    handshakeTimeout: timing.handshake,
    perMessageDeflate: false,
  });
  const abort = (): void => socket.terminate();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await opened(socket);
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof ApiError ? error : clusterProblem(error, connection.server);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
  return new ExecStream(socket, connection.server, timing);
}

async function opened(socket: WebSocket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once("open", () => {
    socket.pause();
    resolve();
  });
  // The socket may report a second error when it is torn down after the first.
  socket.on("error", reject);
  socket.once("unexpected-response", (_, response) => {
    let body = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => (body += chunk));
    void once(response, "close").then(() => {
      reject(apiErrorOf(response.statusCode ?? 500, body));
      socket.terminate();
    });
  });
  await promise;
}
