import { isApiError } from "../../kubernetes/api-error.ts";
import { apiPath } from "../../kubernetes/api-path.ts";
import type { KubernetesConnection } from "../../kubernetes/connection.ts";
import type { Lease } from "./lease-object.ts";

// In milliseconds. Two full tries fit into the renew deadline.
const callTimeout = 4000;

/** The calls for one lease. Each fails after four seconds, otherwise as the connection's do. Needs get, create and update. */
export class LeaseCalls {
  readonly #connection: KubernetesConnection;
  readonly #collection: readonly string[];
  readonly #name: string;
  readonly #signal: AbortSignal;

  /** Aborting the signal ends calls under way. */
  constructor(connection: KubernetesConnection, collection: readonly string[], name: string, signal: AbortSignal) {
    this.#connection = connection;
    this.#collection = collection;
    this.#name = name;
    this.#signal = signal;
  }

  /** The lease as it is now, from the server's majority; undefined when there is none. */
  async look(): Promise<Lease | undefined> {
    try {
      return await this.#connection.call<Lease>({ method: "GET", path: this.#path(), signal: this.#deadline() });
    } catch (error) {
      if (isApiError(error, 404)) return undefined;
      throw error;
    }
  }

  /** Makes the lease, or writes `lease` over the version in it. Undefined when it is no longer so: made, changed or removed meanwhile. */
  async write(lease: Lease): Promise<Lease | undefined> {
    const isNew = lease.metadata?.resourceVersion === undefined;
    const [method, path] = isNew ? (["POST", apiPath(this.#collection)] as const) : (["PUT", this.#path()] as const);
    try {
      return await this.#connection.call<Lease>({ method, path, body: lease, signal: this.#deadline() });
    } catch (error) {
      if (isApiError(error, 409) || (!isNew && isApiError(error, 404))) return undefined;
      throw error;
    }
  }

  #path(): string {
    return apiPath([...this.#collection, this.#name]);
  }

  #deadline(): AbortSignal {
    return AbortSignal.any([this.#signal, AbortSignal.timeout(callTimeout)]);
  }
}
