import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import { type ApiError, apiErrorOf } from "./api-error.ts";
import { coded } from "./coded-error.ts";

// In characters; a Status is a few hundred long.
const maximumRefusal = 64 * 1024;

/** Resolves when the socket is open; it is paused then. Fails after `limit` milliseconds. */
export async function opened(socket: WebSocket, limit: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // The library's own time-out begins anew with each byte.
  const timer = setTimeout(() => {
    reject(coded("ETIMEDOUT", "the opening handshake has timed out"));
    socket.terminate();
  }, limit);
  socket.once("open", () => {
    socket.pause();
    resolve();
  });
  // The socket may report a second error when it is torn down after the first.
  socket.on("error", (error) => reject("code" in error ? error : coded("EPROTO", error.message)));
  socket.once("unexpected-response", (_, response) => {
    void refusal(response).then((error) => {
      reject(error);
      socket.terminate();
    });
  });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** What the server said instead of opening the stream, as far as it came. */
async function refusal(response: IncomingMessage): Promise<ApiError> {
  let body = "";
  try {
    response.setEncoding("utf8");
    for await (const chunk of response) {
      body += String(chunk);
      if (body.length > maximumRefusal) break;
    }
  } catch {
    // The status says enough.
  }
  return apiErrorOf(response.statusCode ?? 500, body);
}
