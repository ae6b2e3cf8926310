import { WebSocket } from "ws";
import type { Disposable } from "../lib/disposable.ts";
import { Emitter } from "../lib/emitter.ts";
import { ApiError, isApiError } from "./api-error.ts";
import { apiPath, checkedName } from "./api-path.ts";
import { clusterProblem } from "./cluster-problem.ts";
import { coded } from "./coded-error.ts";
import type { KubernetesConnection, WebSocketAccess } from "./connection.ts";
import { decodeFrame, encodeFrame, execChannel, execProtocols } from "./exec-frames.ts";
import { opened } from "./exec-handshake.ts";
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

// A connection whose other end has gone is noticed within a minute: one ping without its pong. A pong comes only after the
// server has taken all input before the ping, so that a slow line, or a command that reads slowly, gets more time.
const defaultTiming: ExecTiming = { handshake: 15_000, ping: 20_000, pong: 15_000 };
// The slowest line, or reader of input, that is borne, in bytes a millisecond.
const slowest = 64;
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
  /** How many bytes have been sent, and how many of them the server has read for certain. */
  #sent = 0;
  #read = 0;
  #paused = false;
  #writes = Promise.resolve();
  #result: number | ApiError | undefined;
  #failure: unknown;

  constructor(socket: WebSocket, server: string, timing: ExecTiming) {
    this.#socket = socket;
    this.#server = server;
    // Whoever does not ask how it ended must not be told by a crash.
    this.#ended.promise.catch(() => {});
    socket.on("message", (data: Buffer) => this.#receive(data));
    socket.on("error", (error) => (this.#failure ??= error));
    socket.on("close", (code, reason) => this.#close(code, reason.toString()));
    socket.on("pong", (data) => {
      this.#read = Number(data.toString());
      this.#alive();
    });
    this.#pinger = setInterval(() => this.#ping(timing.pong), timing.ping);
    // `opened` has paused it: whoever listens in the turn in which the stream was opened misses nothing.
    setImmediate(() => {
      if (!this.#paused) socket.resume();
    });
  }

  readonly onStdout = this.#stdout.event;
  readonly onStderr = this.#stderr.event;

  /** The command's exit code. Rejects when it could not run (ApiError) or the stream broke before it ended (ProblemError). */
  get ended(): Promise<number> {
    return this.#ended.promise;
  }

  /** Sends input in the order of the calls; resolves when more may follow. What is written after the end is lost. */
  write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    this.#writes = this.#writes.then(() => this.#input(bytes));
    return this.#writes;
  }

  /**
   * Ends the input after all that was written. Only v5 of the protocol can; with v4 the command must know by itself when
   * it has all.
   */
  endInput(): void {
    if (this.#socket.protocol !== execProtocols[0]) return;
    this.#writes = this.#writes.then(() => this.#send(execChannel.close, Uint8Array.of(execChannel.stdin)));
  }

  /** Tells the terminal its size in characters. */
  resize({ columns, rows }: { readonly columns: number; readonly rows: number }): void {
    void this.#send(execChannel.resize, Buffer.from(JSON.stringify({ Width: columns, Height: rows })));
  }

  /** Lets the other end wait; output goes on after `resume`. While paused nobody notices that the other end has gone. */
  pause(): void {
    this.#paused = true;
    this.#alive();
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#socket.resume();
  }

  dispose(): void {
    this.#finish();
    this.#ended.reject(new ApiError(499, "Closed", "the stream was closed on this side"));
    this.#socket.terminate();
  }

  #receive(data: Buffer): void {
    // A pong may be far behind output that a slow line has yet to bring.
    this.#alive();
    const frame = decodeFrame(data);
    if (!frame || frame.data.length === 0) return;
    if (frame.channel === execChannel.stdout) this.#stdout.fire(frame.data);
    else if (frame.channel === execChannel.stderr) this.#stderr.fire(frame.data);
    else if (frame.channel === execChannel.status) this.#result = exitCodeOf(frame.data.toString("utf8"));
  }

  /** Resolves when the frame has gone out, or no longer can because the stream has ended. */
  async #send(channel: number, data: Uint8Array): Promise<void> {
    if (this.#socket.readyState !== WebSocket.OPEN) {
      // Not before: a writer with much to say would keep the end from being seen.
      await this.#ended.promise.catch(() => {});
      return;
    }
    this.#sent += data.length;
    const gone = Promise.withResolvers<void>();
    this.#socket.send(encodeFrame(channel, data), () => gone.resolve());
    await gone.promise;
  }

  async #input(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length; offset += maximumChunk) {
      const gone = this.#send(execChannel.stdin, bytes.subarray(offset, offset + maximumChunk));
      if (this.#socket.readyState !== WebSocket.OPEN || this.#socket.bufferedAmount > highWater) await gone;
    }
  }

  #ping(limit: number): void {
    if (this.#paused || this.#socket.readyState !== WebSocket.OPEN) return;
    // A pong repeats its ping's data (RFC 6455, 5.5.3).
    this.#socket.ping(String(this.#sent));
    this.#pong ??= setTimeout(
      () => {
        this.#failure ??= coded("ETIMEDOUT", "no answer to a ping");
        this.#socket.terminate();
      },
      limit + (this.#sent - this.#read) / slowest,
    );
  }

  #alive(): void {
    clearTimeout(this.#pong);
    this.#pong = undefined;
  }

  #close(code: number, reason: string): void {
    const failure = this.#failure ?? coded("ECONNRESET", `closed with ${code} ${reason}`);
    if (typeof this.#result === "number") this.#ended.resolve(this.#result);
    else this.#ended.reject(this.#result ?? clusterProblem(failure, this.#server));
    this.#finish();
  }

  #finish(): void {
    clearInterval(this.#pinger);
    this.#alive();
  }
}

/**
 * Starts a command in a container; `signal` ends the attempt, not the stream. Fails with an ApiError when the API server
 * refuses, else with a ProblemError.
 */
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
  for (let renewed = false; ; renewed = true) {
    const access = await connection.webSocketAccess(path, signal);
    try {
      return new ExecStream(await connect(access, timing.handshake, signal), connection.server, timing);
    } catch (error) {
      signal?.throwIfAborted();
      if (!renewed && isApiError(error, 401) && access.renew()) continue;
      throw error instanceof ApiError ? error : clusterProblem(error, connection.server);
    }
  }
}

async function connect(access: WebSocketAccess, limit: number, signal: AbortSignal | undefined): Promise<WebSocket> {
  const { url, agent, headers } = access;
  const socket = new WebSocket(url, execProtocols, { agent, headers, perMessageDeflate: false });
  const abort = (): void => socket.terminate();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await opened(socket, limit);
    return socket;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
