import { setTimeout as delay } from "node:timers/promises";
import { type BackoffOptions, backoffDelay } from "../lib/backoff.ts";
import type { Disposable } from "../lib/disposable.ts";
import type { Problem } from "../lib/problem.ts";
import { ApiError, apiErrorOf, isApiError } from "./api-error.ts";
import { apiPath } from "./api-path.ts";
import { clusterProblem } from "./cluster-problem.ts";
import type { KubernetesConnection } from "./connection.ts";
import { splitLines } from "./line-splitter.ts";

/** What a reflector follows; `O` is the type of the collection's objects, which the caller knows. */
export interface ReflectorSource<O extends KubernetesObject, T> {
  readonly connection: KubernetesConnection;
  /** The collection's path segments, such as `["api", "v1", "namespaces", "gc", "pods"]`. */
  readonly collection: readonly string[];
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Keeps the few fields that are used: objects as the API server sends them are forty times as large. */
  project(object: O): T;
}

/** Called for each news, in order. */
export interface ReflectorSink<T> {
  put(uid: string, item: T): void;
  remove(uid: string): void;
  /** Everything has been shown at least once, again after each gap. */
  synced(): void;
  /** What keeps the reflector from seeing; undefined when it sees again. */
  problem(problem: Problem | undefined): void;
}

/** What every object has. The rest depends on its kind. */
export interface KubernetesObject {
  readonly metadata?: { readonly uid?: string; readonly resourceVersion?: string };
}

interface List<O> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly O[];
}

interface WatchEvent<O> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: O & { readonly code?: number };
}

const pageSize = 500;
/** The server ends a watch after 5 to 10 minutes of our choice, so that watches spread over its replicas. */
const watchSeconds = (): number => 300 + Math.floor(Math.random() * 300);

/** How long is what, in milliseconds. */
export interface ReflectorTiming {
  /** A watch that lasted this long was good: the next failure counts as the first. */
  readonly healthy: number;
  /** A server or proxy that ends or forgets a watch sooner than this would be asked in a loop. */
  readonly brief: number;
  /** Bookmarks come about once a minute; after three missed ones nobody may be there any more. */
  readonly silence: number;
  /** A watch that outlives its time by this much is a connection that nobody holds the other end of. */
  readonly grace: number;
  /** The wait before the next try after a failure. */
  readonly backoff: BackoffOptions;
}

const defaultTiming: ReflectorTiming = {
  healthy: 120_000,
  brief: 1000,
  silence: 200_000,
  grace: 30_000,
  // Back within a second, after a longer absence within ten, never all clients at once. One list each costs a server little.
  backoff: { initial: 800, maximum: 5000, factor: 2, jitter: 1 },
};

/**
 * Follows a collection: one list in pages, then one watch that is resumed where it broke, and a new list only when the
 * server has forgotten that place (410). Works until disposed, whatever fails. A watch that breaks is no problem yet;
 * that it cannot be opened again is one.
 */
export class Reflector<O extends KubernetesObject, T> implements Disposable {
  readonly #source: ReflectorSource<O, T>;
  readonly #sink: ReflectorSink<T>;
  readonly #abort = new AbortController();
  readonly #timing: ReflectorTiming;
  readonly #known = new Set<string>();
  #version: string | undefined;
  #failures = 0;
  #watches = 0;
  #open = false;

  constructor(source: ReflectorSource<O, T>, sink: ReflectorSink<T>, timing = defaultTiming) {
    this.#source = source;
    this.#sink = sink;
    this.#timing = timing;
    void this.#run();
  }

  dispose(): void {
    this.#abort.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    const { brief, healthy } = this.#timing;
    while (!signal.aborted) {
      const begun = performance.now();
      const lasted = (): number => performance.now() - begun;
      this.#open = false;
      try {
        this.#version ??= await this.#list();
        await this.#watch(this.#version);
        if (lasted() < brief) throw new ApiError(504, "Timeout", "the watch ended as soon as it began");
        if (lasted() >= healthy) this.#failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (lasted() >= healthy) this.#failures = 0;
        if (isApiError(error, 410)) {
          this.#version = undefined;
          if (lasted() >= brief) continue;
        } else if (!this.#open || lasted() < brief) {
          this.#sink.problem(clusterProblem(error, this.#source.connection.server).problem);
        }
        this.#failures += 1;
        await delay(backoffDelay(this.#failures, this.#timing.backoff), undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Shows the whole collection and returns the version to watch from. */
  async #list(): Promise<string> {
    const { connection, collection, labelSelector, fieldSelector } = this.#source;
    const seen = new Set<string>();
    let next: string | undefined;
    let version: string | undefined;
    do {
      const path = apiPath(collection, { labelSelector, fieldSelector, limit: pageSize, continue: next });
      const list: List<O> = await connection.call<List<O>>({ method: "GET", path, signal: this.#abort.signal });
      for (const object of list.items ?? []) {
        const uid = this.#put(object);
        if (uid !== undefined) seen.add(uid);
      }
      version = list.metadata?.resourceVersion;
      next = list.metadata?.continue;
    } while (next);
    for (const uid of this.#known) if (!seen.has(uid)) this.#remove(uid);
    this.#sink.synced();
    this.#sink.problem(undefined);
    return version ?? "0";
  }

  /** Returns when the server has ended the watch in good order. */
  async #watch(from: string): Promise<void> {
    const { connection, collection, labelSelector, fieldSelector } = this.#source;
    const timeoutSeconds = watchSeconds();
    const path = apiPath(collection, {
      labelSelector,
      fieldSelector,
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: from,
      timeoutSeconds,
    });
    if (this.#watches > 0) connection.meter.count("watch-reconnects", {});
    this.#watches += 1;
    const stalled = new AbortController();
    const { grace, silence } = this.#timing;
    const stall = (): void => stalled.abort(silent());
    const deadline = setTimeout(stall, timeoutSeconds * 1000 + grace);
    const listening = setTimeout(stall, silence);
    const signal = AbortSignal.any([this.#abort.signal, stalled.signal]);
    try {
      const { body } = await connection.stream({ method: "GET", path, signal });
      this.#open = true;
      this.#sink.problem(undefined);
      for await (const line of splitLines(body)) {
        // Lines that came with the one that made the caller dispose this.
        signal.throwIfAborted();
        listening.refresh();
        if (line !== "") this.#apply(JSON.parse(line) as WatchEvent<O>);
      }
    } catch (error) {
      stalled.signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(deadline);
      clearTimeout(listening);
    }
  }

  #apply({ type, object }: WatchEvent<O>): void {
    if (type === "ERROR") throw apiErrorOf(object.code ?? 500, JSON.stringify(object));
    if (type === "DELETED") this.#remove(object.metadata?.uid ?? "");
    else if (type !== "BOOKMARK") this.#put(object);
    this.#version = object.metadata?.resourceVersion ?? this.#version;
  }

  #put(object: O): string | undefined {
    const uid = object.metadata?.uid;
    if (uid === undefined) return undefined;
    this.#known.add(uid);
    this.#sink.put(uid, this.#source.project(object));
    return uid;
  }

  #remove(uid: string): void {
    if (this.#known.delete(uid)) this.#sink.remove(uid);
  }
}

function silent(): ApiError {
  return new ApiError(504, "Timeout", "the watch has gone silent; it is opened again");
}
