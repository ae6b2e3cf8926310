import { once } from "node:events";
import { type IncomingMessage, type Server, createServer } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";

/** A write of the API that the server took. Times are this process's steady clock, in milliseconds. */
interface Write {
  readonly by: string;
  /** When it was here: before the server saw it. */
  readonly sent: number;
  /** When the server's answer was here. */
  readonly done: number;
  readonly method: string;
  readonly path: string;
  readonly lease: boolean;
  /** Whether it left the lease in the writer's hands; false for other objects. */
  readonly holds: boolean;
}

/** What all controllers of a city have written. */
export class Audit {
  readonly writes: Write[] = [];

  /** Pods that somebody made or deleted who, at that moment, was known not to hold the lease, in words. */
  trespasses(): readonly string[] {
    const leases = this.writes.filter(({ lease }) => lease).toSorted((a, b) => a.done - b.done);
    return this.writes.flatMap(({ by, sent, method, path, lease }) => {
      const last = leases.findLast(({ done }) => done <= sent);
      if (lease || (last?.by === by && last.holds)) return [];
      const holder = last?.holds ? last.by : "nobody";
      return [`${by}: ${method} ${path} while ${holder} had the lease, for ${Math.round(sent - (last?.done ?? 0))} ms`];
    });
  }
}

/** The way of one controller to the API server, over plain HTTP on loopback, on which its writes are seen. It needs no credentials: the proxy has them. */
export class AuditProxy implements AsyncDisposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(kubeconfig: string, by: string, audit: Audit): Promise<AuditProxy> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const tls = upstreamOf(config);
    const server = createServer((incoming, answer) => {
      const sent = performance.now();
      const forward = request({ ...tls, method: incoming.method, path: incoming.url, headers: incoming.headers });
      const body: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => body.push(chunk));
      incoming.pipe(forward);
      forward.on("response", (response) => {
        const write = writeOf(incoming, response.statusCode ?? 0, Buffer.concat(body).toString());
        if (write) audit.writes.push({ by, sent, done: performance.now(), ...write });
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      });
      forward.on("error", () => answer.destroy());
      answer.on("close", () => forward.destroy());
    });
    server.on("upgrade", (incoming, socket, head) => {
      const forward = request({ ...tls, method: incoming.method, path: incoming.url, headers: incoming.headers });
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
    return new AuditProxy(server);
  }

  /** The text of a kubeconfig that goes this way. */
  get kubeconfig(): string {
    const { port } = this.#server.address() as AddressInfo;
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "audited", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: "nobody", user: {} }],
      contexts: [{ name: "audited", context: { cluster: "audited", user: "nobody" } }],
      "current-context": "audited",
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}

function upstreamOf(config: KubeConfig) {
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
  if (!cluster?.caData || !user?.certData || !user.keyData) throw new Error("The kubeconfig has no certificates");
  const { hostname, port } = new URL(cluster.server);
  const decode = (text: string): Buffer => Buffer.from(text, "base64");
  return { hostname, port, ca: decode(cluster.caData), cert: decode(user.certData), key: decode(user.keyData) };
}

/** Of pods and leases, when the server took it. */
function writeOf({ method = "", url = "" }: IncomingMessage, status: number, body: string) {
  const path = url.split("?", 1)[0] ?? "";
  if (status >= 300 || method === "GET") return undefined;
  const lease = path.includes("/leases");
  const pods = /\/pods(?:\/[^/]+)?$/u.test(path);
  if (!lease && !pods) return undefined;
  const spec = lease && body !== "" ? (JSON.parse(body) as { spec?: { holderIdentity?: string } }).spec : undefined;
  return { method, path, lease, holds: lease && Boolean(spec?.holderIdentity) };
}
