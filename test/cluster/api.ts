import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: Readonly<Record<"server" | "certificate-authority-data", string>> }];
  readonly users: readonly [{ readonly user: Readonly<Record<"client-certificate-data" | "client-key-data", string>> }];
}

/** What the API server answered. */
export interface ApiReply {
  readonly status: number;
  readonly body: string;
}

/** One request to the API server of a kubeconfig that the launcher wrote. The launcher runs before any package is installed. */
export async function callApi(kubeconfig: string, method: string, path: string, body?: unknown): Promise<ApiReply> {
  const config = JSON.parse(readFileSync(kubeconfig, "utf8")) as Kubeconfig;
  const { cluster } = config.clusters[0];
  const { user } = config.users[0];
  const decode = (text: string): Buffer => Buffer.from(text, "base64");
  const agent = new Agent({
    ca: decode(cluster["certificate-authority-data"]),
    cert: decode(user["client-certificate-data"]),
    key: decode(user["client-key-data"]),
  });
  const { promise, resolve, reject } = Promise.withResolvers<ApiReply>();
  const call = request(
    new URL(path, cluster.server),
    { method, agent, timeout: 5000, headers: { "content-type": "application/json" } },
    (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.on("error", reject);
    },
  );
  call.on("error", reject);
  call.on("timeout", () => call.destroy(new Error(`${method} ${path}: no answer within 5 s`)));
  call.end(body === undefined ? undefined : JSON.stringify(body));
  try {
    return await promise;
  } finally {
    agent.destroy();
  }
}

/** Creates an object; one that is there already is good. */
export async function createObject(kubeconfig: string, path: string, object: unknown): Promise<void> {
  const reply = await callApi(kubeconfig, "POST", path, object);
  if (reply.status >= 300 && reply.status !== 409) throw new Error(`POST ${path}: ${reply.status} ${reply.body}`);
}
