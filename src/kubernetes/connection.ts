import type { Agent as SocketAgent } from "node:http";
import { Agent as TlsAgent, type RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import { Agent, type Dispatcher, ProxyAgent, request } from "undici";
import type { Disposable } from "../lib/disposable.ts";
import { ProblemError, problemOf } from "../lib/problem.ts";
import { apiErrorOf } from "./api-error.ts";
import { clusterProblem } from "./cluster-problem.ts";

/** One call of the API. */
export interface ApiCall {
  readonly method: "GET" | "POST" | "DELETE" | "PATCH" | "PUT";
  /** As `apiPath` makes it. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** What a WebSocket client needs to reach the API server. */
export interface WebSocketAccess {
  readonly url: URL;
  readonly agent: SocketAgent;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer that goes on for as long as the server likes. */
export interface ApiStream {
  readonly body: AsyncIterable<Uint8Array>;
}

// Longer than any single answer takes, shorter than a person's patience.
const requestTimeout = 30_000;
// The API server closes idle connections after two minutes or more; ours must be the first to go.
const keepAlive = 60_000;

/**
 * Access to one cluster as one user: one pool of connections for everything. Errors are ApiError when the API server
 * refuses, ProblemError otherwise.
 */
export class KubernetesConnection implements Disposable {
  readonly #config: KubeConfig;
  readonly #server: URL;
  #pool: { readonly key: string; readonly dispatcher: Dispatcher } | undefined;

  constructor(config: KubeConfig) {
    const server = config.getCurrentCluster()?.server;
    if (!server) throw unconfigured("Your kubeconfig has no current cluster");
    this.#config = config;
    this.#server = new URL(server);
  }

  /** The API server's address, for people. */
  get server(): string {
    return this.#server.origin;
  }

  /** Makes a call and returns the JSON of its answer; the caller knows its type. Fails after 30 s. */
  async call<T>(call: ApiCall): Promise<T> {
    const timeout = AbortSignal.timeout(requestTimeout);
    const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
    try {
      const { statusCode, body } = await this.#send(call, signal);
      const text = await body.text();
      if (statusCode >= 300) throw apiErrorOf(statusCode, text);
      return JSON.parse(text) as T;
    } catch (error) {
      call.signal?.throwIfAborted();
      throw this.#explained(error);
    }
  }

  /** Begins a call whose answer is read piece by piece. No deadline once the answer has begun. */
  async stream(call: ApiCall & { readonly signal: AbortSignal }): Promise<ApiStream> {
    try {
      const { statusCode, body } = await this.#send(call, call.signal);
      if (statusCode >= 300) throw apiErrorOf(statusCode, await body.text());
      return { body };
    } catch (error) {
      call.signal.throwIfAborted();
      throw this.#explained(error);
    }
  }

  /** How to open a WebSocket on `path`. */
  async webSocketAccess(path: string): Promise<WebSocketAccess> {
    const options = await this.#access();
    const url = new URL(this.#base() + path, this.#server);
    url.protocol = this.#server.protocol === "http:" ? "ws:" : "wss:";
    const agent = typeof options.agent === "object" ? options.agent : new TlsAgent();
    return { url, agent, headers: headersOf(options) };
  }

  dispose(): void {
    void this.#pool?.dispatcher.destroy();
    this.#pool = undefined;
  }

  async #send(call: ApiCall, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const options = await this.#access();
    const json = call.body === undefined ? undefined : JSON.stringify(call.body);
    return request(new URL(this.#base() + call.path, this.#server), {
      method: call.method,
      dispatcher: this.#dispatcher(options),
      headers: {
        accept: "application/json",
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...headersOf(options),
      },
      body: json ?? null,
      signal,
    });
  }

  /** A cluster behind a gateway has a path of its own. */
  #base(): string {
    return this.#server.pathname.replace(/\/$/u, "");
  }

  /** TLS settings and headers of this moment: tokens and certificates of plugins expire and come anew. */
  async #access(): Promise<RequestOptions> {
    const options: RequestOptions = {};
    try {
      await this.#config.applyToHTTPSOptions(options);
      return options;
    } catch (error) {
      throw unconfigured(`Your kubeconfig's credentials cannot be used: ${problemOf(error).reason}`, error);
    }
  }

  /** The pool lives as long as the TLS settings stay the same. */
  #dispatcher({ ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }: RequestOptions): Dispatcher {
    const tls = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
    const written = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
    const poolKey = JSON.stringify(written);
    if (this.#pool?.key === poolKey) return this.#pool.dispatcher;
    const retired = this.#pool?.dispatcher;
    const options = { keepAliveTimeout: keepAlive, keepAliveMaxTimeout: keepAlive, bodyTimeout: 0 };
    const proxy = this.#config.getCurrentCluster()?.proxyUrl;
    const dispatcher = proxy
      ? new ProxyAgent({ uri: proxy, requestTls: written, ...options })
      : new Agent({ connect: { ...written, timeout: 10_000 }, ...options });
    this.#pool = { key: poolKey, dispatcher };
    // Calls under way end in peace.
    void retired?.close();
    return dispatcher;
  }

  #explained(error: unknown): unknown {
    return error instanceof Error && error.name === "ApiError" ? error : clusterProblem(error, this.server);
  }
}

/**
 * Opens the cluster that the kubeconfig means: KUBECONFIG, else the user's, else the pod's own account; `context`
 * chooses one by name. Dials nothing yet. Fails with `cluster-unconfigured`.
 */
export function openConnection({ context = "" }: { readonly context?: string } = {}): KubernetesConnection {
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    throw unconfigured(`Your kubeconfig cannot be read: ${problemOf(error).reason}`, error);
  }
  if (context !== "") {
    const names = config.getContexts().map(({ name }) => name);
    if (!names.includes(context)) {
      throw unconfigured(`Your kubeconfig has no context "${context}" (it has ${names.join(", ") || "none"})`);
    }
    config.setCurrentContext(context);
  }
  // What the library makes up when it finds nothing at all.
  if (config.getCurrentContext() === "loaded-context") throw unconfigured("There is no kubeconfig");
  return new KubernetesConnection(config);
}

function unconfigured(reason: string, cause?: unknown): ProblemError {
  const action = "Set KUBECONFIG, or context in [session.k8s], then reload the window";
  return new ProblemError({ code: "cluster-unconfigured", reason, action }, { cause });
}

function headersOf({ headers, auth }: RequestOptions): Record<string, string> {
  const given = Object.entries((headers ?? {}) as Record<string, string | number | undefined>);
  const basic = auth ? [["authorization", `Basic ${Buffer.from(auth).toString("base64")}`] as const] : [];
  return Object.fromEntries([...given.map(([name, value]) => [name.toLowerCase(), String(value)] as const), ...basic]);
}
