import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { env } from "node:process";
import { text } from "node:stream/consumers";
import { KubeConfig, type User } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiServer } from "../../test/api-server.ts";
import { KubernetesConnection, openConnection } from "./connection.ts";

const cleanUps: (() => unknown)[] = [];
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gascity-connection-"));
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * A connection as `user` to a server of the test's own; `reload` gives the user that the kubeconfig has later. Calls wait
 * `patience` milliseconds.
 */
async function connect(
  request: RequestListener,
  user: Omit<User, "name">,
  { reload, patience = 15_000 }: { readonly reload?: () => Omit<User, "name">; readonly patience?: number } = {},
) {
  const server = await ApiServer.start({ request });
  const configOf = (given: Omit<User, "name">): KubeConfig => {
    const config = new KubeConfig();
    const cluster = { name: "c", server: `${server.connection.server}/behind/a/gateway/`, skipTLSVerify: true };
    config.loadFromClusterAndUser(cluster, { name: "u", ...given });
    return config;
  };
  const connection = new KubernetesConnection(configOf(user), reload && (() => configOf(reload())), patience);
  cleanUps.push(
    () => server[Symbol.asyncDispose](),
    () => connection.dispose(),
  );
  return connection;
}

/** A program that a kubeconfig can name for credentials; `script` runs before it answers with the token `t`. */
function program(script: string): Omit<User, "name"> {
  const command = join(folder, "login");
  const credential = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status: { token: "t" } };
  writeFileSync(command, `#!/bin/sh\n${script}\necho '${JSON.stringify(credential)}'\n`);
  chmodSync(command, 0o755);
  return { exec: { apiVersion: "client.authentication.k8s.io/v1", command } };
}

const impatient = { patience: 500 };
const get = { method: "GET", path: "/api" } as const;
const echo: RequestListener = ({ url, headers }, response) =>
  response.end(JSON.stringify({ url, authorization: headers.authorization }));

describe("call", () => {
  it("keeps the path of a cluster behind a gateway and sends the token", async () => {
    const connection = await connect(echo, { token: "secret" });
    expect(await connection.call(get)).toEqual({ url: "/behind/a/gateway/api", authorization: "Bearer secret" });
  });

  it("gives up on a server that does not answer", async () => {
    const connection = await connect(() => {}, {}, impatient);
    await expect(connection.call(get)).rejects.toMatchObject({ problem: { code: "cluster-unreachable" } });
  });

  it("gives up on an answer that stops half way", async () => {
    const connection = await connect((_, response) => response.write("{"), {}, impatient);
    await expect(connection.call(get)).rejects.toMatchObject({ problem: { code: "cluster-unreachable" } });
  });

  it("rejects with the caller's own reason when the caller aborts", async () => {
    const connection = await connect(() => {}, {});
    const reason = new Error("not wanted any more");
    const abort = new AbortController();
    const call = connection.call({ ...get, signal: abort.signal });
    abort.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  it("runs the kubeconfig's program once for all who call at the same time", async () => {
    const connection = await connect(echo, program(`echo run >> ${folder}/runs`));
    const answers = await Promise.all([connection.call(get), connection.call(get), connection.call(get)]);
    expect(answers).toMatchObject(answers.map(() => ({ authorization: "Bearer t" })));
    expect(readFileSync(join(folder, "runs"), "utf8")).toBe("run\n");
  });

  it("says so when the kubeconfig's program waits for something", async () => {
    // It ends when the test lets go of the fifo.
    const connection = await connect(echo, program(`mkfifo ${folder}/fifo; read -r line < ${folder}/fifo`), impatient);
    await expect(connection.call(get)).rejects.toMatchObject({
      problem: { code: "cluster-unauthorized", reason: expect.stringMatching(/login.*does not answer/u) },
    });
    writeFileSync(join(folder, "fifo"), "\n");
    const answered = async () => expect(await connection.call(get)).toMatchObject({ authorization: "Bearer t" });
    await vi.waitFor(answered, 10_000);
  });

  it("tells what the kubeconfig's program says when it fails", async () => {
    const connection = await connect(echo, program("echo 'the session\n has expired' >&2; exit 1"));
    await expect(connection.call(get)).rejects.toMatchObject({
      problem: { code: "cluster-unauthorized", reason: expect.stringMatching(/failed: the session has expired$/u) },
    });
  });

  it("reads the kubeconfig anew when its token is no longer taken, and tries once more", async () => {
    const tried: unknown[] = [];
    const connection = await connect(
      ({ headers }, response) => {
        tried.push(headers.authorization);
        response.writeHead(headers.authorization === "Bearer new" ? 200 : 401).end("{}");
      },
      { token: "old" },
      { reload: () => ({ token: "new" }) },
    );
    await connection.call({ ...get, method: "POST", body: {} });
    await connection.call(get);
    expect(tried).toEqual(["Bearer old", "Bearer new", "Bearer new"]);
  });

  it("repeats what the API server has put off", async () => {
    const bodies: string[] = [];
    const connection = await connect((request, response) => {
      void text(request).then((body) => {
        bodies.push(body);
        response.writeHead(bodies.length < 3 ? 429 : 201, { "retry-after": "0" }).end("{}");
      });
    }, {});
    await connection.call({ method: "POST", path: "/api", body: { a: 1 } });
    expect(bodies).toEqual(Array.from({ length: 3 }, () => '{"a":1}'));
  });

  it("waits no longer than its deadline for an API server that puts it off", async () => {
    const connection = await connect(
      (_, response) => response.writeHead(429, { "retry-after": "60" }).end("{}"),
      {},
      impatient,
    );
    await expect(connection.call(get)).rejects.toMatchObject({ problem: { code: "cluster-unreachable" } });
  });

  it("tries a refused token no more than twice", async () => {
    let tries = 0;
    const connection = await connect(
      (_, response) => {
        tries += 1;
        response.writeHead(401).end("{}");
      },
      { token: "old" },
      { reload: () => ({ token: "old" }) },
    );
    await expect(connection.call(get)).rejects.toMatchObject({ status: 401 });
    expect(tries).toBe(2);
  });
});

describe("stream", () => {
  it("gives up on a server that does not begin, but lets an answer take its time", async () => {
    const answers: ((text: string) => void)[] = [];
    const connection = await connect(
      ({ url }, response) => {
        if (url?.endsWith("/never")) return;
        response.write("a");
        answers.push((text) => response.end(text));
      },
      {},
      impatient,
    );
    const { signal } = new AbortController();
    const { body } = await connection.stream({ ...get, signal });
    // As long as a beginning may take.
    const never = connection.stream({ method: "GET", path: "/never", signal });
    await expect(never).rejects.toMatchObject({ problem: { code: "cluster-unreachable" } });
    answers[0]?.("b");
    expect(Buffer.concat(await Array.fromAsync(body)).toString()).toBe("ab");
  });

  it("ends when the connection is disposed, and nothing begins any more", async () => {
    const connection = await connect((_, response) => response.write("a"), {});
    const { body } = await connection.stream({ ...get, signal: new AbortController().signal });
    connection.dispose();
    await expect(Array.fromAsync(body)).rejects.toThrow();
    await expect(connection.call(get)).rejects.toThrow(/was closed on this side/u);
  });
});

describe("openConnection", () => {
  /** Makes KUBECONFIG name files with these texts. */
  function kubeconfig(...texts: readonly string[]): void {
    const paths = texts.map((text, index) => {
      const path = join(folder, `config-${index}`);
      writeFileSync(path, text);
      return path;
    });
    vi.stubEnv("KUBECONFIG", paths.join(delimiter));
  }
  const valid = (server: string): string =>
    JSON.stringify({
      clusters: [{ name: "c", cluster: { server } }],
      users: [{ name: "u", user: {} }],
      contexts: [{ name: "here", context: { cluster: "c", user: "u" } }],
      "current-context": "here",
    });

  it("takes the current context, or the one that is named", () => {
    kubeconfig(valid("https://cluster.example:6443/path"));
    expect(openConnection().server).toBe("https://cluster.example:6443");
    expect(openConnection({ context: "here" }).server).toBe("https://cluster.example:6443");
  });

  it("names the contexts that there are when the wanted one is not", () => {
    kubeconfig(valid("https://cluster.example"));
    expect(() => openConnection({ context: "there" })).toThrow(
      /no context "there" \(it has here\).*context in \[session/u,
    );
  });

  it("lets the first of several kubeconfigs win, as kubectl does", () => {
    kubeconfig(valid("https://first.example"), valid("https://second.example"));
    expect(openConnection().server).toBe("https://first.example");
  });

  it("takes the current context of a later kubeconfig when the first has none", () => {
    kubeconfig('{"clusters": []}', valid("https://second.example"));
    expect(openConnection().server).toBe("https://second.example");
  });

  it("passes over kubeconfigs that are not there, as kubectl does", () => {
    kubeconfig(valid("https://cluster.example"));
    vi.stubEnv("KUBECONFIG", ["", join(folder, "missing"), env["KUBECONFIG"]].join(delimiter));
    expect(openConnection().server).toBe("https://cluster.example");
    vi.stubEnv("KUBECONFIG", join(folder, "missing"));
    expect(() => openConnection()).toThrow(/KUBECONFIG names no file that is there/u);
  });

  it("reaches a cluster by plain HTTP, as through kubectl proxy", async () => {
    const server = await ApiServer.start({ request: echo });
    cleanUps.push(() => server[Symbol.asyncDispose]());
    kubeconfig(valid(server.connection.server));
    const connection = openConnection();
    cleanUps.push(() => connection.dispose());
    expect(await connection.call(get)).toEqual({ url: "/api" });
  });

  it.each([
    ["cannot be read", "{"],
    ["has no cluster", "{}"],
    ["has no address for a server", valid("cluster")],
  ])("is unconfigured when the kubeconfig %s", (_, text) => {
    kubeconfig(text);
    expect(() => openConnection()).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: "cluster-unconfigured" }) }),
    );
  });

  it("is unconfigured without any kubeconfig", () => {
    vi.stubEnv("KUBECONFIG", "");
    vi.stubEnv("HOME", folder);
    expect(() => openConnection()).toThrow(/There is no kubeconfig/u);
  });
});
