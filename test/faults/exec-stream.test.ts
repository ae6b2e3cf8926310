import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { KubernetesConnection } from "../../src/kubernetes/connection.ts";
import { execCommand } from "../../src/kubernetes/exec-command.ts";
import { type ExecStream, type ExecTiming, openExec } from "../../src/kubernetes/exec-stream.ts";
import { type TestNamespace, createNamespace } from "../cluster/namespace.ts";
import { type Faults, FaultyProxy } from "./faulty-proxy.ts";

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createNamespace();
  const container = { name: "main", image: namespace.image, command: ["sleep", "infinity"] };
  const spec = { containers: [container], terminationGracePeriodSeconds: 0 };
  const place = { namespace: namespace.name, name: "target" };
  await namespace.core.createNamespacedPod({ ...place, body: { metadata: { name: "target" }, spec } });
  const phase = async () => (await namespace.core.readNamespacedPod(place)).status?.phase;
  await vi.waitFor(async () => expect(await phase()).toBe("Running"), { timeout: 30_000, interval: 50 });
});
afterAll(() => namespace[Symbol.asyncDispose]());

const target = () => ({ namespace: namespace.name, pod: "target", container: "main" });
const patience = 10_000;
const usual: ExecTiming = { handshake: 15_000, ping: 20_000, pong: 15_000 };

interface Way extends AsyncDisposable {
  readonly proxy: FaultyProxy;
  readonly connection: KubernetesConnection;
  readonly open: (command: readonly string[], timing?: ExecTiming) => Promise<ExecStream>;
}

/** A way to the cluster through a proxy of its own, on which nothing is left open when it is disposed. */
async function through(faults: Faults): Promise<Way> {
  const proxy = await FaultyProxy.start(namespace.kubeconfig);
  proxy.faults = faults;
  const connection = new KubernetesConnection(proxy.config);
  return {
    proxy,
    connection,
    open: (command, timing = usual) =>
      openExec(connection, { ...target(), command, stdin: true, tty: false }, undefined, timing),
    [Symbol.asyncDispose]: async () => {
      try {
        await vi.waitFor(() => expect(proxy.webSockets).toBe(0), patience);
      } finally {
        connection.dispose();
        await proxy[Symbol.asyncDispose]();
      }
    },
  };
}

function outputOf(stream: ExecStream): () => string {
  const chunks: Uint8Array[] = [];
  stream.onStdout((chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}

const unreachable = { problem: { code: "cluster-unreachable" } };

describe.concurrent("an exec stream whose way", () => {
  it.each<[string, Faults]>([
    ["carries one byte at a time", { pieces: 1 }],
    ["carries three bytes at a time", { pieces: 3 }],
    ["cuts each message into single bytes", { fragments: 1 }],
    ["cuts each message in two or more", { fragments: 2 }],
    ["adds empty frames", { emptyFrames: true }],
    [
      "adds empty frames, cuts messages and carries five bytes at a time",
      { emptyFrames: true, fragments: 7, pieces: 5 },
    ],
    ["is silent before the first byte", { silence: 1000 }],
    ["speaks only v5", { protocol: "v5.channel.k8s.io" }],
  ])("%s brings all of it, and the exit code", async (_, faults) => {
    await using way = await through(faults);
    const input = `größe 🚀 ${randomBytes(1500).toString("base64")}`;
    const command = ["sh", "-c", "cat; echo größe 🚀 >&2; exit 3"];
    const result = await execCommand(way.connection, target(), command, { input });
    expect(result).toEqual({ stdout: input, stderr: "größe 🚀\n", exitCode: 3 });
  });

  it("speaks only v4 carries all but the end of the input", async () => {
    await using way = await through({ protocol: "v4.channel.k8s.io" });
    const stream = await way.open(["sh", "-c", "head -n 1; exit 3"]);
    const output = outputOf(stream);
    await stream.write("größe 🚀\n");
    stream.endInput();
    expect(await stream.ended).toBe(3);
    expect(output()).toBe("größe 🚀\n");
  });

  it("speaks no protocol at all is refused", async () => {
    await using way = await through({ protocol: "" });
    await expect(way.open(["cat"])).rejects.toMatchObject({
      problem: { code: "cluster-unreachable", reason: expect.stringMatching(/does not speak as an API server/u) },
    });
  });

  it.each([
    ["a page", "text/html", "<h1>Not from here</h1>", /403|Not from here/u],
    [
      "a Status",
      "application/json",
      '{"kind":"Status","message":"pods is forbidden","code":403}',
      /^pods is forbidden$/u,
    ],
  ])("refuses with 403 and %s tells it", async (_, type, body, message) => {
    const head = [
      "HTTP/1.1 403 Forbidden",
      `content-type: ${type}`,
      `content-length: ${body.length}`,
      "connection: close",
    ];
    await using way = await through({ answer: `${head.join("\r\n")}\r\n\r\n${body}` });
    await expect(way.open(["cat"])).rejects.toMatchObject({ status: 403, message: expect.stringMatching(message) });
  });

  it("is silent longer than the handshake may take is given up", async () => {
    await using way = await through({ silence: 5000 });
    const began = performance.now();
    await expect(way.open(["cat"], { ...usual, handshake: 300 })).rejects.toMatchObject(unreachable);
    expect(performance.now() - began).toBeLessThan(3000);
  });

  it.each<[string, Faults]>([
    ["before it is open", { silence: 60_000 }],
    ["in the middle of a message", { pieces: 1 }],
  ])("is reset %s fails soon", async (_, faults) => {
    await using way = await through(faults);
    const began = way.open(["sh", "-c", "while :; do echo word; done"]);
    const opened = began.then((stream) => stream.ended);
    if (faults.silence === undefined) {
      const output = outputOf(await began);
      await vi.waitFor(() => expect(output()).toContain("word"), patience);
    } else {
      await vi.waitFor(() => expect(way.proxy.webSockets).toBe(1), patience);
    }
    way.proxy.reset();
    await expect(opened).rejects.toMatchObject(unreachable);
  });

  it("carries nothing any more, without a word, is noticed by the missing pong", async () => {
    await using way = await through({});
    const stream = await way.open(["cat"], { ...usual, ping: 200, pong: 500 });
    const output = outputOf(stream);
    await stream.write("before");
    await vi.waitFor(() => expect(output()).toBe("before"), patience);
    way.proxy.hold();
    await expect(stream.ended).rejects.toMatchObject(unreachable);
    // Whoever comes then is told as well, and all is well when the way is.
    await expect(way.open(["cat"], { ...usual, handshake: 300 })).rejects.toMatchObject(unreachable);
    way.proxy.heal();
    await expect(execCommand(way.connection, target(), ["true"], {})).resolves.toMatchObject({ exitCode: 0 });
  });

  it("works again after a reset is taken by the next stream", async () => {
    await using way = await through({});
    for (let round = 0; round < 5; round++) {
      const stream = await way.open(["cat"]);
      way.proxy.reset();
      await expect(stream.ended).rejects.toMatchObject(unreachable);
    }
    await expect(execCommand(way.connection, target(), ["true"], {})).resolves.toMatchObject({ exitCode: 0 });
  });
});
