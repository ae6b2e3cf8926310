import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type TestNamespace, createNamespace } from "../../test/cluster/namespace.ts";
import { type KubernetesConnection, openConnection } from "./connection.ts";
import { execCommand } from "./exec-command.ts";
import { type ExecStream, openExec } from "./exec-stream.ts";
import { tarOf } from "./tar-folder.ts";

const patience = { timeout: 30_000, interval: 50 };
let namespace: TestNamespace;
let connection: KubernetesConnection;

beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  connection = openConnection();
  await Promise.all([runPod("target"), runPod("doomed")]);
});
afterAll(async () => {
  connection.dispose();
  await namespace[Symbol.asyncDispose]();
});

/** Makes a pod that sleeps, and waits until it runs. */
async function runPod(name: string): Promise<void> {
  const container = { name: "main", image: namespace.image, command: ["sleep", "infinity"] };
  const spec = { containers: [container], terminationGracePeriodSeconds: 0 };
  await namespace.core.createNamespacedPod({ namespace: namespace.name, body: { metadata: { name }, spec } });
  const read = () => namespace.core.readNamespacedPod({ namespace: namespace.name, name });
  await vi.waitFor(async () => expect((await read()).status?.phase).toBe("Running"), patience);
}

const target = (pod = "target") => ({ namespace: namespace.name, pod, container: "main" });
const run = (command: readonly string[], input?: AsyncIterable<Uint8Array>) =>
  execCommand(connection, target(), command, { input });
const open = (command: readonly string[], tty: boolean, pod = "target"): Promise<ExecStream> =>
  openExec(connection, { ...target(pod), command, stdin: true, tty });

describe("execCommand", () => {
  it("gives both outputs and the exit code", async () => {
    const script = "echo out; echo err >&2; exit 3";
    expect(await run(["sh", "-c", script])).toEqual({ stdout: "out\n", stderr: "err\n", exitCode: 3 });
  });

  it("fails on what it cannot run, in the cluster's own words", async () => {
    await expect(run(["no-such-program"])).rejects.toThrow(
      /^Internal error occurred: .*"no-such-program": executable file not found/u,
    );
    const missing = execCommand(connection, target("nobody"), ["true"]);
    await expect(missing).rejects.toMatchObject({ status: 404, message: 'pods "nobody" not found' });
    const misnamed = execCommand(connection, { ...target(), container: "other" }, ["true"]);
    await expect(misnamed).rejects.toMatchObject({ status: 400, message: expect.stringContaining("other") });
  });

  it("leaves a little input that the command does not want", async () => {
    expect(await run(["sh", "-c", "exit 7"], Readable.from([Buffer.alloc(50_000)]))).toMatchObject({ exitCode: 7 });
  });

  it("tells the failure of a command that takes much input and throws it away", async () => {
    const script = "head -c 3 >/dev/null; echo full >&2; cat >/dev/null; exit 7";
    const input = Readable.from(Array.from({ length: 50 }, () => Buffer.alloc(100_000)));
    expect(await run(["sh", "-c", script], input)).toEqual({ stdout: "", stderr: "full\n", exitCode: 7 });
  });

  it("brings a folder into the pod as a tar archive", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gascity-exec-"));
    try {
      mkdirSync(join(folder, "deep"));
      writeFileSync(join(folder, "deep", "ä".repeat(120)), randomBytes(1_000_000));
      symlinkSync("deep", join(folder, "link"));
      const { stderr, exitCode } = await run(
        ["sh", "-c", "mkdir /tmp/in && tar -x -o -f - -C /tmp/in"],
        tarOf({ folder }),
      );
      expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
      const { stdout } = await run(["sh", "-c", "readlink /tmp/in/link; cat /tmp/in/link/* | wc -c"]);
      expect(stdout).toBe("deep\n1000000\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("ExecStream", () => {
  it("carries megabytes to the command and back unchanged", async () => {
    const sent = randomBytes(5_000_000);
    const stream = await open(["cat"], false);
    const received = createHash("sha256");
    stream.onStdout((chunk) => received.update(chunk));
    await stream.write(sent);
    stream.endInput();
    expect(await stream.ended).toBe(0);
    expect(received.digest("hex")).toBe(createHash("sha256").update(sent).digest("hex"));
  });

  it("makes the command wait while it is paused, and loses nothing", async () => {
    const stream = await open(["sh", "-c", "head -c 50000000 /dev/zero; echo done >&2"], false);
    let length = 0;
    let done = "";
    stream.onStdout((chunk) => (length += chunk.length));
    stream.onStderr((chunk) => (done += Buffer.from(chunk).toString("utf8")));
    await vi.waitFor(() => expect(length).toBeGreaterThan(0), patience);
    stream.pause();
    const paused = length;
    await run(["true"]);
    expect({ length, done }).toEqual({ length: paused, done: "" });
    stream.resume();
    expect(await stream.ended).toBe(0);
    expect({ length, done }).toEqual({ length: 50_000_000, done: "done\n" });
  });

  it("tells a terminal its size, and each change of it", async () => {
    const stream = await open(["sh", "-c", 'trap "stty size" WINCH; while :; do sleep 0.05; done'], true);
    let output = "";
    stream.onStdout((chunk) => (output += Buffer.from(chunk).toString("utf8")));
    for (const [columns, rows] of [
      [101, 31],
      [120, 40],
    ] as const) {
      // The shell sees no change that comes before its trap stands: repeated until it answers.
      await vi.waitFor(() => {
        stream.resize({ columns: columns + 1, rows });
        stream.resize({ columns, rows });
        expect(output).toContain(`${rows} ${columns}\r\n`);
      }, patience);
    }
    stream.dispose();
  });

  it("ends when the pod is killed", async () => {
    const stream = await open(["sh", "-c", "echo up; sleep 1000"], false, "doomed");
    const up = Promise.withResolvers<void>();
    stream.onStdout(() => up.resolve());
    await up.promise;
    const end = stream.ended.catch((error: unknown) => error);
    await namespace.core.deleteNamespacedPod({ namespace: namespace.name, name: "doomed", gracePeriodSeconds: 0 });
    expect(await end).not.toBe(0);
  });
});
