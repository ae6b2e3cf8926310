import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { pid } from "node:process";

/** What kind of program controls a city: a window of the editor, the program `gascity`, or that in the cluster. */
export type ControllerKind = "editor" | "headless" | "in-cluster";

/** Who holds a lease, as far as its identity tells. */
export interface LeaseHolder {
  /** As it stands in the lease. */
  readonly identity: string;
  readonly host: string;
  /** Undefined when another kind of program has written the identity. */
  readonly process: { readonly kind: ControllerKind; readonly pid: number } | undefined;
}

/**
 * A new identity of this process: readable for people, and never that of an earlier process, which may still have calls on
 * their way: who is started again is somebody else.
 */
export function newIdentity(kind: ControllerKind): string {
  return [hostname(), pid, kind, randomBytes(6).toString("hex")].join("_");
}

/** Reads an identity of a lease. Empty means that nobody holds it. */
export function holderOf(identity: string): LeaseHolder | undefined {
  if (identity === "") return undefined;
  const parts = /^(.+)_([1-9]\d*)_(editor|headless|in-cluster)_[0-9a-f]{12}$/u.exec(identity);
  if (!parts) return { identity, host: identity, process: undefined };
  const [, host = "", process = "", kind = ""] = parts;
  return { identity, host, process: { kind: kind as ControllerKind, pid: Number(process) } };
}

/** The holder for a person, such as "an editor on ada (process 42)". */
export function describeHolder({ host, process }: LeaseHolder): string {
  if (!process) return host;
  const kinds = { editor: "an editor", headless: "gascity", "in-cluster": "the controller in the cluster" } as const;
  return `${kinds[process.kind]} on ${host} (process ${process.pid})`;
}
