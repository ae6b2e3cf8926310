import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { KubeConfig } from "@kubernetes/client-node";
import { KubernetesConnection } from "../src/kubernetes/connection.ts";

/** What the server does with a request, or with one that wants to become a WebSocket. */
export interface FaultyApi {
  request?(request: IncomingMessage, response: ServerResponse): void;
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** A server on loopback in the place of an API server, for faults that a real one cannot be made to have. */
export class ApiServer implements AsyncDisposable {
  readonly connection: KubernetesConnection;
  readonly #close: () => Promise<void>;

  private constructor(connection: KubernetesConnection, close: () => Promise<void>) {
    this.connection = connection;
    this.#close = close;
  }

  /** The kubeconfig has the first of the `tokens`, and after each look at it the next. */
  static async start(api: FaultyApi, tokens: readonly string[] = []): Promise<ApiServer> {
    const sockets = new Set<Socket>();
    const server = createServer((request, response) => {
      if (api.request) api.request(request, response);
      else response.writeHead(404).end();
    });
    server.on("connection", (socket) => sockets.add(socket));
    server.on("upgrade", (request, socket, head: Buffer) => api.upgrade?.(request, socket, head));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const cluster = { name: "faulty", server: `http://127.0.0.1:${port}`, skipTLSVerify: true };
    const remaining = [...tokens];
    const read = (): KubeConfig => {
      const config = new KubeConfig();
      const token = remaining.shift();
      config.loadFromClusterAndUser(cluster, { name: "nobody", ...(token !== undefined && { token }) });
      return config;
    };
    const connection = new KubernetesConnection(read(), read);
    return new ApiServer(connection, async () => {
      connection.dispose();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}
