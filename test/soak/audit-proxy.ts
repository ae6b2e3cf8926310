import { type Answer, ApiProxy } from "./api-proxy.ts";

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

/** The way of one controller to the API server, on which its writes are seen. */
export async function auditedProxy(kubeconfig: string, by: string, audit: Audit): Promise<ApiProxy> {
  const proxy = await ApiProxy.start(kubeconfig);
  proxy.heard = (answer) => {
    const write = writeOf(answer);
    if (write) audit.writes.push({ by, ...write });
  };
  return proxy;
}

/** Of pods and leases, when the server took it. */
function writeOf({ method, path, body, status, sent, done }: Answer): Omit<Write, "by"> | undefined {
  if (status >= 300 || method === "GET") return undefined;
  const lease = path.includes("/leases");
  const pods = /\/pods(?:\/[^/]+)?$/u.test(path);
  if (!lease && !pods) return undefined;
  const spec = lease && body !== "" ? (JSON.parse(body) as { spec?: { holderIdentity?: string } }).spec : undefined;
  return { sent, done, method, path, lease, holds: lease && Boolean(spec?.holderIdentity) };
}
