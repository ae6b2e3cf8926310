import { once } from "node:events";
import { realpath } from "node:fs/promises";
import { connect } from "node:net";
import { ProblemError } from "../../lib/problem.ts";
import { controllerSocketPath } from "./controller-files.ts";

// As gc's own clients wait for the answer to a ping.
const defaultTimeout = 2000;
// In characters: the state of a city of ten thousand sessions.
const replyLimit = 16 * 1024 * 1024;

/**
 * Sends one line to the controller of the city in `root`, gc's or ours, and returns its reply without the line end: empty
 * when it closes without one, as gc does on a line that it does not know; undefined when no controller listens. Fails with
 * `timed-out` when one listens that does not answer within `timeout` milliseconds.
 */
export async function askController(
  root: string,
  line: string,
  { timeout = defaultTimeout }: { readonly timeout?: number } = {},
): Promise<string | undefined> {
  const path = controllerSocketPath(await realpath(root));
  const socket = connect({ path, signal: AbortSignal.timeout(timeout) });
  try {
    await once(socket, "connect");
    socket.write(`${line}\n`);
    let reply = "";
    for await (const chunk of socket.setEncoding("utf8")) {
      reply += String(chunk);
      if (reply.includes("\n") || reply.length > replyLimit) break;
    }
    return reply.split("\n", 1)[0];
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ECONNREFUSED") return undefined;
    // It has closed before it had read all.
    if (code === "ECONNRESET" || code === "EPIPE") return "";
    throw code === "ABORT_ERR" || code === "EAGAIN" ? silent(root, timeout) : error;
  } finally {
    socket.destroy();
  }
}

/** The process id of the controller of the city in `root`; undefined when none answers as one does. */
export async function pingController(root: string): Promise<number | undefined> {
  const reply = await askController(root, "ping").catch(() => undefined);
  return reply !== undefined && /^[1-9]\d*$/u.test(reply) ? Number(reply) : undefined;
}

function silent(root: string, timeout: number): ProblemError {
  return new ProblemError({
    code: "timed-out",
    reason: `The controller of the city in ${root} has not answered within ${timeout / 1000} s`,
    action: "Look whether that process hangs, and end it if it does",
  });
}
