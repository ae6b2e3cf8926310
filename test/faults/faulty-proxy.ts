import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ConnectionOptions, TLSSocket, connect } from "node:tls";
import { KubeConfig } from "@kubernetes/client-node";
import { runCommand } from "../machine/run-command.ts";
import { fragmented, readFrames, withEmptyOnes, writeFrame } from "./web-socket-frames.ts";

/** What the proxy does to connections that are opened from now on. */
export interface Faults {
  /** All bytes go on in pieces of so many, each in a TLS record of its own. */
  readonly pieces?: number;
  /** The server's messages go on in frames of so many bytes. */
  readonly fragments?: number;
  /** Empty frames stand around each of the server's messages. */
  readonly emptyFrames?: boolean;
  /** In milliseconds, before the first byte of what the server says. */
  readonly silence?: number;
  /** What a WebSocket is asked to speak, in place of what the client wants; nothing when empty. */
  readonly protocol?: string;
  /** The proxy's own answer to whoever wants a WebSocket. */
  readonly answer?: string;
}

interface Passage {
  readonly raw: Socket;
  readonly client: TLSSocket;
  readonly server: TLSSocket;
  /** Whether bytes still go through. */
  alive: boolean;
  isWebSocket: boolean;
}

const endOfHead = "\r\n\r\n";

/** A TLS proxy on loopback before a real API server. Who comes through it needs no credentials: it has them. */
export class FaultyProxy implements AsyncDisposable {
  readonly config: KubeConfig;
  readonly #server: Server;
  readonly #key: Buffer;
  readonly #certificate: Buffer;
  readonly #upstream: ConnectionOptions;
  readonly #passages = new Set<Passage>();
  #held = false;
  faults: Faults = {};

  private constructor(server: Server, pair: { key: Buffer; certificate: Buffer }, upstream: ConnectionOptions) {
    this.#server = server;
    this.#key = pair.key;
    this.#certificate = pair.certificate;
    this.#upstream = upstream;
    server.on("connection", (raw) => this.#accept(raw));
    const { port } = server.address() as AddressInfo;
    const caData = pair.certificate.toString("base64");
    this.config = new KubeConfig();
    this.config.loadFromOptions({
      clusters: [{ name: "proxy", server: `https://127.0.0.1:${port}`, caData, skipTLSVerify: false }],
      users: [{ name: "nobody" }],
      contexts: [{ name: "proxy", cluster: "proxy", user: "nobody" }],
      currentContext: "proxy",
    });
  }

  static async start(kubeconfig: string): Promise<FaultyProxy> {
    const given = new KubeConfig();
    given.loadFromFile(kubeconfig);
    const [cluster, user] = [given.getCurrentCluster(), given.getCurrentUser()];
    if (!cluster?.caData || !user?.certData || !user.keyData) throw new Error(`${kubeconfig} has no certificates`);
    const { hostname, port } = new URL(cluster.server);
    const upstream = {
      host: hostname,
      port: Number(port),
      ca: Buffer.from(cluster.caData, "base64"),
      cert: Buffer.from(user.certData, "base64"),
      key: Buffer.from(user.keyData, "base64"),
      ALPNProtocols: ["http/1.1"],
    };
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new FaultyProxy(server, await makeCertificate(), upstream);
  }

  /** How many WebSockets are open. */
  get webSockets(): number {
    return [...this.#passages].filter(({ isWebSocket }) => isWebSocket).length;
  }

  /** How many of them carry anything. */
  get liveWebSockets(): number {
    return [...this.#passages].filter(({ isWebSocket, alive }) => isWebSocket && alive).length;
  }

  /** Resets every open connection. */
  reset(): void {
    for (const { raw, server } of this.#passages) {
      raw.resetAndDestroy();
      server.destroy();
    }
  }

  /** From now on nothing goes through, and nobody is told; what was open then never goes on. */
  hold(): void {
    this.#held = true;
    for (const passage of this.#passages) passage.alive = false;
  }

  /** New connections work again. */
  heal(): void {
    this.#held = false;
    this.faults = {};
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const { raw, server } of this.#passages) {
      raw.destroy();
      server.destroy();
    }
    await once(this.#server, "close");
  }

  #accept(raw: Socket): void {
    const client = new TLSSocket(raw, { isServer: true, key: this.#key, cert: this.#certificate });
    const server = connect(this.#upstream);
    const passage: Passage = { raw, client, server, alive: !this.#held, isWebSocket: false };
    this.#passages.add(passage);
    for (const socket of [raw, client, server]) socket.on("error", () => {});
    raw.on("close", () => {
      server.destroy();
      this.#passages.delete(passage);
    });
    void this.#carry(passage, this.faults).then(() => {
      if (passage.alive) client.end();
    });
  }

  async #carry(passage: Passage, faults: Faults): Promise<void> {
    const { client, server } = passage;
    const write = async (socket: TLSSocket, bytes: Buffer): Promise<void> => {
      const size = faults.pieces ?? bytes.length;
      for (let offset = 0; passage.alive && offset < bytes.length; offset += size) {
        const { promise, resolve } = Promise.withResolvers<void>();
        socket.write(bytes.subarray(offset, offset + size), () => resolve());
        await promise;
      }
    };
    const head = await readHead(client);
    if (!head) return;
    passage.isWebSocket = /^upgrade: websocket/imu.test(head.text);
    if (passage.isWebSocket && faults.answer !== undefined) {
      await write(client, Buffer.from(faults.answer));
      client.end();
      return;
    }
    await write(server, Buffer.concat([Buffer.from(changedHead(head.text, faults)), head.rest]));
    void pass(client, (bytes) => write(server, bytes));
    if (!passage.isWebSocket) return pass(server, (bytes) => write(client, bytes));
    const answer = await readHead(server);
    if (!answer) return;
    await delay(faults.silence ?? 0);
    await write(client, Buffer.from(answer.text));
    let unread = Buffer.alloc(0);
    const forward = async (bytes: Buffer): Promise<void> => {
      const { frames, rest } = readFrames(Buffer.concat([unread, bytes]));
      unread = Buffer.from(rest);
      const around = faults.emptyFrames ? frames.flatMap(withEmptyOnes) : frames;
      const { fragments } = faults;
      const sent = fragments === undefined ? around : around.flatMap((frame) => fragmented(frame, fragments));
      await write(client, Buffer.concat(sent.map(writeFrame)));
    };
    await forward(answer.rest);
    return pass(server, forward);
  }
}

async function pass(from: TLSSocket, on: (bytes: Buffer) => Promise<void>): Promise<void> {
  try {
    for await (const bytes of from) await on(bytes as Buffer);
  } catch {
    // It was reset, or destroyed here.
  }
}

/** The head of a request or an answer, and what came with it. */
async function readHead(socket: TLSSocket): Promise<{ readonly text: string; readonly rest: Buffer } | undefined> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const end = bytes.indexOf(endOfHead);
    if (end >= 0) {
      const rest = bytes.subarray(end + endOfHead.length);
      return { text: bytes.subarray(0, end + endOfHead.length).toString("latin1"), rest };
    }
    const chunk = (socket.read() ?? (await nextChunk(socket))) as Buffer | undefined;
    if (!chunk) return undefined;
    bytes = Buffer.concat([bytes, chunk]);
  }
}

async function nextChunk(socket: TLSSocket): Promise<Buffer | undefined> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once("readable", resolve).once("close", resolve).once("end", resolve);
  await promise;
  return (socket.read() as Buffer | null) ?? undefined;
}

function changedHead(head: string, { protocol }: Faults): string {
  if (protocol === undefined) return head;
  const line = protocol === "" ? "" : `Sec-WebSocket-Protocol: ${protocol}\r\n`;
  return head.replace(/^sec-websocket-protocol:.*\r\n/imu, line);
}

async function makeCertificate(): Promise<{ key: Buffer; certificate: Buffer }> {
  const folder = mkdtempSync(join(tmpdir(), "gascity-proxy-"));
  const [key, certificate] = [join(folder, "key"), join(folder, "certificate")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key];
  const names = ["-subj", "/CN=faulty proxy", "-addext", "subjectAltName=IP:127.0.0.1"];
  try {
    await runCommand("openssl", ["req", "-x509", "-days", "2", ...kind, ...names, "-out", certificate]);
    return { key: readFileSync(key), certificate: readFileSync(certificate) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
