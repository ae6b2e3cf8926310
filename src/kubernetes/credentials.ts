import type { Agent as SocketAgent } from "node:http";
import type { RequestOptions } from "node:https";
import type { KubeConfig, User } from "@kubernetes/client-node";
import { ProblemError, problemOf } from "../lib/problem.ts";
import { serverOf, unconfigured } from "./kubeconfig.ts";
import { untilAborted } from "./until-aborted.ts";

/** What reaches the API server at this moment: tokens and certificates of plugins expire and come anew. */
export interface Access {
  /** What TLS needs; only what is set. */
  readonly tls: Readonly<Pick<RequestOptions, (typeof tlsSettings)[number]>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly proxy: string | undefined;
  /** The library's own, which knows about proxies and plain HTTP. */
  readonly agent: SocketAgent | undefined;
  readonly generation: number;
}

const tlsSettings = ["ca", "cert", "key", "pfx", "passphrase", "rejectUnauthorized", "servername"] as const;

/** The user of a kubeconfig's current context, as the API server wants to see it. */
export class Credentials {
  readonly #reload: () => KubeConfig;
  #config: KubeConfig;
  #generation = 0;
  #asking: Promise<Access> | undefined;

  /** `reload` reads the same context of the same kubeconfig again. */
  constructor(config: KubeConfig, reload: () => KubeConfig) {
    this.#config = config;
    this.#reload = reload;
  }

  /** Asks the kubeconfig, and the program that it names; once for all who ask at the same time. */
  async access(signal: AbortSignal): Promise<Access> {
    // It goes on when nobody waits any more: the program may be waiting for a person to log in.
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    const user = this.#config.getCurrentUser();
    try {
      return await untilAborted(this.#asking, signal);
    } catch (error) {
      if (error instanceof Error && error.name === "TimeoutError") throw silentProgram(user);
      throw error;
    }
  }

  /**
   * After the server has refused `access`: reads the kubeconfig anew and forgets cached tokens, as a login since then may
   * have changed them. Returns whether there is something new to try.
   */
  renew(access: Access): boolean {
    if (access.generation !== this.#generation) return true;
    try {
      const config = this.#reload();
      // Never another cluster under the same connection.
      if (config === this.#config || serverOf(config).href !== serverOf(this.#config).href) return false;
      this.#config = config;
      this.#generation += 1;
      this.#asking = undefined;
      return true;
    } catch {
      // Somebody is writing it at this moment: what we have stays.
      return false;
    }
  }

  async #ask(): Promise<Access> {
    const config = this.#config;
    const generation = this.#generation;
    const options: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (error) {
      throw unusable(config.getCurrentUser(), error);
    }
    return {
      tls: Object.fromEntries(
        tlsSettings.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
      ),
      headers: headersOf(options),
      proxy: config.getCurrentCluster()?.proxyUrl,
      agent: typeof options.agent === "object" ? options.agent : undefined,
      generation,
    };
  }
}

function headersOf({ headers, auth }: RequestOptions): Record<string, string> {
  const given = Object.entries((headers ?? {}) as Record<string, string | number | undefined>);
  const basic = auth ? [["authorization", `Basic ${Buffer.from(auth).toString("base64")}`] as const] : [];
  return Object.fromEntries([...given.map(([name, value]) => [name.toLowerCase(), String(value)] as const), ...basic]);
}

/** The program that a kubeconfig names for the user's credentials. */
function programOf(user: User | null): string | undefined {
  return (user?.exec as { readonly command?: string } | undefined)?.command;
}

function unusable(user: User | null, error: unknown): ProblemError {
  const program = programOf(user);
  const words = problemOf(error).reason.replaceAll(/\s+/gu, " ").trim().slice(0, 300);
  if (program === undefined || (error instanceof Error && "code" in error && error.code === "ENOENT")) {
    return unconfigured(`Your kubeconfig's credentials cannot be used: ${words}`, error);
  }
  return new ProblemError(
    {
      code: "cluster-unauthorized",
      reason: `${program}, which your kubeconfig names for your credentials, failed: ${words || "it said nothing"}`,
      action: "Log in again, or correct the user in your kubeconfig",
    },
    { cause: error },
  );
}

function silentProgram(user: User | null): ProblemError {
  const program = programOf(user);
  const who = program === undefined ? "What gives" : `${program}, which gives`;
  return new ProblemError({
    code: "cluster-unauthorized",
    reason: `${who} your kubeconfig its credentials${program === undefined ? "" : ","} does not answer`,
    action: "Run kubectl in a terminal: it may be waiting for you to log in",
  });
}
