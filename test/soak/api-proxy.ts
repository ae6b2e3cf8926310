import { once } from "node:events";
import { type IncomingMessage, type Server, createServer } from "node:http";
import { request } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";

/** An answer of the API server. Times are this process's steady clock, in milliseconds. */
export interface Answer {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** What was asked with it. */
  readonly body: string;
  readonly status: number;
  /** When the question was here: before the server saw it. */
  readonly sent: number;
  /** When the answer was here. */
  readonly done: number;
}

/** What the proxy says in the server's place. */
export interface Refusal {
  readonly code: number;
  /** As in a Status: `Conflict`, `AlreadyExists`. */
  readonly reason: string;
  readonly message: string;
}

/** A way to the API server, over plain HTTP on loopback, that is watched and broken. It needs no credentials: the proxy has them. */
export class ApiProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #away = false;
  /** Asked for each call; what it returns is answered in the server's place. */
  refuse: (method: string, path: string) => Refusal | undefined = () => undefined;
  /** Told of each answer of the server. */
  heard: (answer: Answer) => void = () => {};

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(kubeconfig: string): Promise<ApiProxy> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const tls = upstreamOf(config);
    const server = createServer();
    const proxy = new ApiProxy(server);
    const forwarded = (incoming: IncomingMessage) =>
      request({ ...tls, method: incoming.method, path: incoming.url, headers: incoming.headers });
    server.on("connection", (socket) => proxy.#accept(socket));
    server.on("request", (incoming, answer) => {
      const sent = performance.now();
      const { method, path } = questionOf(incoming);
      const refusal = proxy.refuse(method, path);
      if (refusal) {
        incoming.resume();
        answer.writeHead(refusal.code, { "content-type": "application/json" });
        answer.end(JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", ...refusal }));
        return;
      }
      const forward = forwarded(incoming);
      const body: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => body.push(chunk));
      incoming.pipe(forward);
      forward.on("response", (response) => {
        const status = response.statusCode ?? 502;
        proxy.heard({ method, path, body: Buffer.concat(body).toString(), status, sent, done: performance.now() });
        answer.writeHead(status, response.headers);
        // A watch may have nothing to say for a minute.
        answer.flushHeaders();
        response.pipe(answer);
        response.on("error", () => answer.destroy());
      });
      forward.on("error", () => answer.destroy());
      answer.on("close", () => forward.destroy());
    });
    server.on("upgrade", (incoming, socket, head) => {
      const forward = forwarded(incoming);
      forward.on("upgrade", (response, upstream, first) => {
        const lines = response.rawHeaders.flatMap((name, index) =>
          index % 2 === 0 ? [`${name}: ${response.rawHeaders[index + 1]}`] : [],
        );
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
        socket.write(first);
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
        upstream.on("error", () => socket.destroy()).on("close", () => socket.destroy());
        socket.on("error", () => upstream.destroy()).on("close", () => upstream.destroy());
      });
      forward.on("response", () => socket.destroy());
      forward.on("error", () => socket.destroy());
      forward.end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  /** The text of a kubeconfig that goes this way. */
  get kubeconfig(): string {
    const { port } = this.#server.address() as AddressInfo;
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "proxied", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: "nobody", user: {} }],
      contexts: [{ name: "proxied", context: { cluster: "proxied", user: "nobody" } }],
      "current-context": "proxied",
    });
  }

  /** Breaks every connection, and lets none come up until `heal`. */
  cut(): void {
    this.#away = true;
    for (const socket of this.#open) socket.resetAndDestroy();
  }

  heal(): void {
    this.#away = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(socket: Socket): void {
    if (this.#away) return void socket.resetAndDestroy();
    this.#open.add(socket);
    socket.on("close", () => this.#open.delete(socket));
  }
}

function questionOf({ method = "", url = "" }: IncomingMessage): { readonly method: string; readonly path: string } {
  return { method, path: url.split("?", 1)[0] ?? "" };
}

function upstreamOf(config: KubeConfig) {
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
  if (!cluster?.caData || !user?.certData || !user.keyData) throw new Error("The kubeconfig has no certificates");
  const { hostname, port } = new URL(cluster.server);
  const decode = (text: string): Buffer => Buffer.from(text, "base64");
  return { hostname, port, ca: decode(cluster.caData), cert: decode(user.certData), key: decode(user.keyData) };
}
