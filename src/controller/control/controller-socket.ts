import { once } from "node:events";
import { rmSync, statSync } from "node:fs";
import { chmod, mkdir, realpath, rename, rm } from "node:fs/promises";
import { type Server, type Socket, createServer } from "node:net";
import { dirname } from "node:path";
import { pid } from "node:process";
import type { Disposable } from "../../lib/disposable.ts";
import type { Log } from "../../lib/log.ts";
import { problemOf } from "../../lib/problem.ts";
import { controllerSocketPath } from "./controller-files.ts";
import type { HeldLock } from "./controller-lock.ts";

/**
 * What somebody on this machine asks of the controller:
 * - `stop`: stop the city's agents, then let go of the lock
 * - `poke`: look again now
 * - `reload`: read the city's files again, then look again
 * - `yield`: let go of the lock and leave the agents running. Our own: gc does not know it
 *
 * Besides, `state` asks how the city is, which is answered with a line of JSON. Our own, too.
 */
export type ControllerVerb = "stop" | "poke" | "reload" | "yield";

// Longer than any line that we take.
const requestLimit = 1024;
// Whoever asks is a program on this machine that has its line ready.
const patience = 5000;
const connectionLimit = 64;
const acknowledged = "ok\n";
const refusals: Readonly<Record<string, string>> = {
  converge: '{"error":"this controller runs no convergence loops"}\n',
  "trace-arm": '{"ok":false,"error":"this controller keeps no trace"}\n',
  "trace-stop": '{"ok":false,"error":"this controller keeps no trace"}\n',
  "trace-status": '{"ok":false,"error":"this controller keeps no trace"}\n',
};

/** The reply to a line, and what it asks for. No reply to a line that is unknown, as gc has it (gascity-spec §3.2). */
function answer(line: string, state: () => string): { readonly reply: string; readonly verb?: ControllerVerb } {
  switch (line) {
    case "ping":
      return { reply: `${pid}\n` };
    case "state":
      return { reply: `${state()}\n` };
    case "stop":
    case "poke":
    case "reload":
    case "yield":
      return { reply: acknowledged, verb: line };
    case "control-dispatcher":
      return { reply: acknowledged, verb: "poke" };
    default: {
      const [command = ""] = line.split(":", 1);
      return { reply: (Object.hasOwn(refusals, command) && refusals[command]) || "" };
    }
  }
}

/** What the socket passes on, and what it asks. */
export interface SocketOwner {
  /** Called once the asker has its reply. */
  perform(verb: ControllerVerb): void;
  /** How the city is, as JSON in one line. */
  state(): string;
}

/** The controller's end of the socket that gc's commands, and other windows, talk to. Disposing it removes the socket. */
export class ControllerSocket implements Disposable {
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  readonly #owner: SocketOwner;
  #file: { readonly path: string; readonly inode: number } | undefined;

  private constructor(owner: SocketOwner, log: Log) {
    this.#owner = owner;
    this.#server = createServer({ allowHalfOpen: true }, (connection) => this.#serve(connection));
    this.#server.maxConnections = connectionLimit;
    this.#server.on("error", (error) => log.warn(`The controller's socket: ${error.message}`));
  }

  /**
   * Listens for the city in `root`. Whoever holds the controller's `lock` may remove the socket that a killed controller
   * has left; dispose this before the lock.
   */
  static async open(root: string, lock: HeldLock, owner: SocketOwner, log: Log): Promise<ControllerSocket> {
    if (!lock.isHeld()) throw new Error("the controller's lock is not held");
    const path = controllerSocketPath(await realpath(root));
    const perform = (verb: ControllerVerb): void => {
      log.info(`Somebody on this machine asks the controller: ${verb}`);
      try {
        owner.perform(verb);
      } catch (error) {
        log.error(`${verb}: ${problemOf(error).reason}`);
      }
    };
    const socket = new ControllerSocket({ perform, state: () => owner.state() }, log);
    // Node removes, when it closes, what is then at the name that it has listened on: be it another's.
    const made = `${path}~`;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rm(made, { force: true });
    socket.#server.listen(made);
    await once(socket.#server, "listening");
    try {
      await chmod(made, 0o600);
      await rename(made, path);
    } catch (error) {
      socket.dispose();
      throw error;
    }
    socket.#file = { path, inode: statSync(path).ino };
    return socket;
  }

  dispose(): void {
    const { path = "", inode } = this.#file ?? {};
    if (inode !== undefined && statSync(path, { throwIfNoEntry: false })?.ino === inode) rmSync(path);
    this.#server.close();
    for (const connection of this.#connections) connection.destroySoon();
  }

  #serve(connection: Socket): void {
    this.#connections.add(connection);
    const late = setTimeout(() => connection.destroy(), patience);
    connection.on("close", () => {
      clearTimeout(late);
      this.#connections.delete(connection);
    });
    // Whoever has gone needs no reply.
    connection.on("error", () => {});
    let request = "";
    const answerIt = (): void => {
      connection.removeAllListeners("data").removeAllListeners("end").resume();
      // The last line may lack its end, as for Go's scanner.
      const [line = ""] = request.split("\n", 1);
      const { reply, verb } = answer(line.replace(/\r$/u, ""), () => this.#owner.state());
      connection.end(reply);
      if (reply === "") connection.destroySoon();
      if (verb !== undefined) this.#owner.perform(verb);
    };
    const read = (chunk: string): void => {
      request += chunk;
      if (request.includes("\n") || request.length > requestLimit) answerIt();
    };
    connection.setEncoding("utf8").on("data", read).on("end", answerIt);
  }
}
