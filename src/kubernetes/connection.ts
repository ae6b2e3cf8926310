import type { Agent as SocketAgent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import { Agent, type Dispatcher, ProxyAgent, request } from "undici";
import type { Disposable } from "../lib/disposable.ts";
import { type Meter, silentMeter } from "../lib/meter.ts";
import { ProblemError } from "../lib/problem.ts";
import { apiErrorOf } from "./api-error.ts";
import { clusterProblem } from "./cluster-problem.ts";
import { type Access, Credentials } from "./credentials.ts";
import { loadKubeConfig, serverOf } from "./kubeconfig.ts";

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
  /** After a refusal for these credentials: whether asking again may give others. */
  readonly renew: () => boolean;
}

/** An answer that goes on for as long as the server likes. */
export interface ApiStream {
  readonly body: AsyncIterable<Uint8Array>;
}

// Longer than any single answer takes, shorter than a person's patience.
const defaultTimeout = 30_000;
// In milliseconds. After this silence the system asks the other end ten times, a second apart (libuv), so that a watch
// on a connection that is gone ends within half a minute.
const probeAfter = 20_000;
// How often a call is repeated that the API server has put off, and how long it may ask us to wait, in seconds.
const maximumRetries = 5;
const maximumWait = 10;
// The API server closes idle connections after two minutes or more; ours must be the first to go.
const keepAlive = 60_000;

/** Everything that shares one set of TLS settings. */
interface Pool {
  readonly key: string;
  readonly dispatcher: Dispatcher;
  readonly agent: SocketAgent;
}

/**
 * Access to one cluster as one user: one pool of connections for everything. Errors are ApiError when the API server
 * refuses, ProblemError otherwise, the signal's reason when it aborts.
 */
export class KubernetesConnection implements Disposable {
  /** Hears of every request. */
  readonly meter: Meter;
  readonly #credentials: Credentials;
  readonly #server: URL;
  readonly #timeout: number;
  readonly #dispatchers = new Set<Dispatcher>();
  #pool: Pool | undefined;
  #disposed = false;

  /** `reload` reads the kubeconfig again when the API server no longer takes its credentials; `timeout` is in milliseconds. */
  constructor(
    config: KubeConfig,
    reload: () => KubeConfig = () => config,
    timeout = defaultTimeout,
    meter: Meter = silentMeter,
  ) {
    this.meter = meter;
    this.#credentials = new Credentials(config, reload);
    this.#server = serverOf(config);
    this.#timeout = timeout;
  }

  /** The API server's address, for people. */
  get server(): string {
    return this.#server.origin;
  }

  /** Makes a call and returns the JSON of its answer; the caller knows its type. Fails after 30 s. */
  async call<T>(call: ApiCall): Promise<T> {
    const timeout = AbortSignal.timeout(this.#timeout);
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

  /** Begins a call whose answer is read piece by piece. Its beginning has 30 s, what follows no deadline. */
  async stream(call: ApiCall & { readonly signal: AbortSignal }): Promise<ApiStream> {
    const opening = new AbortController();
    const late = (): void => opening.abort(new DOMException("no answer in time", "TimeoutError"));
    const timer = setTimeout(late, this.#timeout);
    try {
      const { statusCode, body } = await this.#send(call, AbortSignal.any([call.signal, opening.signal]));
      if (statusCode >= 300) throw apiErrorOf(statusCode, await body.text());
      return { body };
    } catch (error) {
      call.signal.throwIfAborted();
      throw this.#explained(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** How to open a WebSocket on `path`. */
  async webSocketAccess(path: string, signal?: AbortSignal): Promise<WebSocketAccess> {
    this.meter.count("api-requests", { method: "WEBSOCKET", code: "none" });
    const timeout = AbortSignal.timeout(this.#timeout);
    const access = await this.#credentials.access(signal ? AbortSignal.any([signal, timeout]) : timeout);
    const url = this.#urlOf(path);
    url.protocol = this.#server.protocol === "http:" ? "ws:" : "wss:";
    return {
      url,
      agent: this.#poolFor(access).agent,
      headers: access.headers,
      renew: () => this.#credentials.renew(access),
    };
  }

  /** Ends every call at once. */
  dispose(): void {
    this.#disposed = true;
    for (const dispatcher of this.#dispatchers) void dispatcher.destroy();
    this.#dispatchers.clear();
    this.#pool = undefined;
  }

  async #send(call: ApiCall, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    for (let retries = 0; ; retries += 1) {
      const answer = await this.#sendOnce(call, signal);
      // Priority and fairness has turned the call away before it did anything; client-go waits and repeats as well.
      if (answer.statusCode !== 429 || retries >= maximumRetries) return answer;
      await answer.body.dump();
      const seconds = Number(answer.headers["retry-after"] ?? 1);
      const wait = Math.min(seconds >= 0 ? seconds : 1, maximumWait) * 1000;
      await delay(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  async #sendOnce(call: ApiCall, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const access = await this.#credentials.access(signal);
    const answer = await this.#sendWith(access, call, signal);
    // Nothing has been done yet, so that any method may be repeated.
    if (answer.statusCode !== 401 || !this.#credentials.renew(access)) return answer;
    await answer.body.dump();
    return this.#sendWith(await this.#credentials.access(signal), call, signal);
  }

  async #sendWith(access: Access, call: ApiCall, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const json = call.body === undefined ? undefined : JSON.stringify(call.body);
    let code = "none";
    try {
      const answer = await this.#request(access, call, json, signal);
      code = String(answer.statusCode);
      return answer;
    } finally {
      this.meter.count("api-requests", { method: call.method, code });
    }
  }

  #request(
    access: Access,
    call: ApiCall,
    json: string | undefined,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    return request(this.#urlOf(call.path), {
      method: call.method,
      dispatcher: this.#poolFor(access).dispatcher,
      headers: {
        accept: "application/json",
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...access.headers,
      },
      body: json ?? null,
      signal,
    });
  }

  /** A cluster behind a gateway has a path of its own. */
  #urlOf(path: string): URL {
    return new URL(this.#server.pathname.replace(/\/$/u, "") + path, this.#server);
  }

  /** The pool lives as long as the TLS settings stay the same. */
  #poolFor({ tls, proxy, agent }: Access): Pool {
    if (this.#disposed) throw closed(this.server);
    const key = JSON.stringify([tls, proxy]);
    if (this.#pool?.key === key) return this.#pool;
    if (this.#pool) this.#retire(this.#pool.dispatcher);
    const options = { keepAliveTimeout: keepAlive, keepAliveMaxTimeout: keepAlive, bodyTimeout: 0 };
    const connect = { timeout: 10_000, keepAlive: true, keepAliveInitialDelay: probeAfter };
    const dispatcher = proxy
      ? new ProxyAgent({ uri: proxy, requestTls: tls, connect, ...options })
      : new Agent({ connect: { ...tls, ...connect }, ...options });
    this.#dispatchers.add(dispatcher);
    // The library's agent keeps the first certificate that it has seen.
    const direct = !proxy && this.#server.protocol === "https:";
    this.#pool = { key, dispatcher, agent: (direct ? undefined : agent) ?? new TlsAgent(tls) };
    return this.#pool;
  }

  /** Calls under way end in peace. */
  #retire(dispatcher: Dispatcher): void {
    const forget = (): boolean => this.#dispatchers.delete(dispatcher);
    dispatcher.close().then(forget, forget);
  }

  #explained(error: unknown): unknown {
    return error instanceof Error && error.name === "ApiError" ? error : clusterProblem(error, this.server);
  }
}

/**
 * Opens the cluster that the kubeconfig means: KUBECONFIG, else the user's, else the pod's own account; `context`
 * chooses one by name; `meter` hears of its requests. Dials nothing yet. Fails with `cluster-unconfigured`.
 */
export function openConnection({
  context = "",
  meter,
}: { readonly context?: string; readonly meter?: Meter | undefined } = {}): KubernetesConnection {
  const config = loadKubeConfig(context);
  const reload = (): KubeConfig => loadKubeConfig(config.getCurrentContext());
  return new KubernetesConnection(config, reload, defaultTimeout, meter);
}

function closed(server: string): ProblemError {
  return new ProblemError({
    code: "cluster-unreachable",
    reason: `The connection to ${server} was closed on this side`,
    action: "Reload the window",
  });
}
