import { isIP } from "node:net";
import { ProblemError } from "../../lib/problem.ts";

/** Where the endpoints of a controller are. */
export interface ListenAddress {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

/**
 * Reads `HOST:PORT`; an IPv6 host stands in brackets. Only loopback is taken, and in a pod, where probes come from
 * outside, `0.0.0.0` or `[::]`. Fails with `unsupported`.
 */
export function listenAddress(text: string, inCluster: boolean): ListenAddress {
  const parts = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:]+)):(?<port>\d{1,5})$/u.exec(text)?.groups;
  const host = parts?.["v6"] ?? parts?.["name"] ?? "";
  const port = Number(parts?.["port"] ?? Infinity);
  if (host === "" || port > 65_535) throw refused(`"${text}" is no address to listen on`);
  const open = host === "0.0.0.0" || host === "::";
  if (!isLoopback(host) && !(open && inCluster)) {
    throw refused(
      open
        ? `${host} is open to other machines, which only the controller in a cluster may be`
        : `${host} is not an address of this machine alone`,
    );
  }
  return { host, port };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function refused(reason: string): ProblemError {
  return new ProblemError({
    code: "unsupported",
    reason: `The endpoints cannot be there: ${reason}`,
    action: "Give --listen a loopback address and a port, such as 127.0.0.1:9464",
  });
}
