import { once } from "node:events";
import { type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Disposable, toDisposable } from "../../lib/disposable.ts";
import { openMetricsType } from "../../lib/metrics.ts";
import { ProblemError, problemOf } from "../../lib/problem.ts";
import type { Health } from "./health.ts";
import type { ListenAddress } from "./listen-address.ts";

/** What the endpoints answer; each is asked anew for every request. */
export interface EndpointAnswers {
  readonly live: () => Health;
  readonly ready: () => Health;
  /** In the text format of OpenMetrics. */
  readonly metrics: () => string;
}

/**
 * Serves /healthz, /readyz and /metrics over HTTP until disposed. Resolves with its port once it listens; fails with a
 * ProblemError when it cannot.
 */
export async function serveEndpoints(
  { host, port }: ListenAddress,
  { live, ready, metrics }: EndpointAnswers,
): Promise<Disposable & { readonly port: number }> {
  const answers: ReadonlyMap<string, (response: ServerResponse) => void> = new Map([
    ["/healthz", (response) => tell(response, live())],
    ["/readyz", (response) => tell(response, ready())],
    ["/metrics", (response) => response.writeHead(200, { "content-type": openMetricsType }).end(metrics())],
  ]);
  const server = createServer((request, response) => {
    const answer = answers.get(request.url?.split("?", 1)[0] ?? "");
    if (!answer) send(response, 404, "there are /healthz, /readyz and /metrics");
    else if (request.method !== "GET" && request.method !== "HEAD") send(response, 405, "only GET is answered");
    else answer(response);
  });
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new ProblemError({
      code: "unsupported",
      reason: `The endpoints cannot listen on ${host}:${port}: ${problemOf(error).reason}`,
      action: "Give --listen another port, or end what uses it",
    });
  }
  const close = toDisposable(() => {
    server.close();
    server.closeAllConnections();
  });
  return { ...close, port: (server.address() as AddressInfo).port };
}

function tell(response: ServerResponse, { ok, text }: Health): void {
  send(response, ok ? 200 : 503, text);
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", allow: "GET, HEAD" }).end(`${text}\n`);
}
