import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type TestNamespace, createNamespace } from "../../../test/cluster/namespace.ts";
import { pendingPod } from "../../../test/pod-view.ts";
import { openConnection } from "../../kubernetes/connection.ts";
import { ClusterPodCalls } from "./cluster-pod-calls.ts";
import type { CommandResult, PodRef } from "./pod-calls.ts";
import { SessionBoard } from "./session-board.ts";

let namespace: TestNamespace;
let calls: ClusterPodCalls;
let target: PodRef;
const folder = mkdtempSync(join(tmpdir(), "gascity-copy-"));

beforeAll(async () => {
  // Far more than what may be under way to a command that does not read.
  writeFileSync(join(folder, "large"), Buffer.alloc(20_000_000));
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  calls = new ClusterPodCalls(openConnection(), namespace.name);
  await createTarget();
  target = await untilRunning();
});
afterAll(async () => {
  calls.dispose();
  await namespace[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function createTarget(): Promise<void> {
  const container = { name: "agent", image: namespace.image, command: ["sleep", "infinity"] };
  const spec = { containers: [container], terminationGracePeriodSeconds: 0 };
  await namespace.core.createNamespacedPod({ namespace: namespace.name, body: { metadata: { name: "target" }, spec } });
}

function untilRunning(): Promise<PodRef> {
  const running = async (): Promise<PodRef> => {
    const pod = await calls.get("target");
    if (pod?.phase !== "Running") throw new Error(`The pod is ${pod?.phase ?? "not there"}`);
    return pod;
  };
  return vi.waitFor(running, { timeout: 30_000, interval: 50 });
}

const copy = (destination: string, command = ["true"]): Promise<CommandResult> => {
  const plan = { source: folder, destination, leaveOut: () => false };
  return calls.copy(target, "agent", plan, { command, signal: AbortSignal.timeout(25_000) });
};

it("copies a folder into a pod, and runs a command there then", async () => {
  const script = 'wc -c <"$1"; echo "this one failed" >&2; exit 2';
  const { stdout, ...end } = await copy("/tmp/a b", ["sh", "-c", script, "sh", "/tmp/a b/large"]);
  expect(stdout.trim()).toBe("20000000");
  expect(end).toEqual({ exitCode: 2, stderr: "this one failed\n" });
});

it.each([
  ["that cannot be made", "/proc/nowhere"],
  ["that nobody may write to", "/sys"],
])("says why a folder cannot go to a place %s", async (_, destination) => {
  await expect(copy(destination)).rejects.toMatchObject({
    problem: { code: "session-failed", reason: expect.stringMatching(/cannot|Cannot|No such file|Permission denied/u) },
  });
});

it("hears that a container has started from its event alone", async () => {
  const board = new SessionBoard();
  board.put({ ...pendingPod(), uid: target.uid });
  const watch = calls.watchStarts(board);
  await vi.waitFor(() => expect(board.pods.get(target.uid)?.agent.state).toBe("running"), 20_000);
  watch.dispose();
});

it("runs nothing in a pod that got the name of the one that was meant", async () => {
  const before = target;
  await namespace.core.deleteNamespacedPod({ namespace: namespace.name, name: "target", gracePeriodSeconds: 0 });
  await vi.waitFor(async () => expect(await calls.get("target")).toBeUndefined(), { timeout: 30_000, interval: 50 });
  await createTarget();
  target = await untilRunning();
  const touch = ["touch", "/tmp/wrong"];
  await expect(calls.run(before, "agent", touch)).rejects.toMatchObject({ problem: { code: "session-missing" } });
  const stream = await calls.open(before, touch, AbortSignal.timeout(10_000));
  await expect(stream.end).rejects.toMatchObject({ problem: { code: "session-missing" } });
  const terminal = await calls.openTerminal(before, touch, { columns: 80, rows: 24 });
  await expect(terminal.end).rejects.toMatchObject({ problem: { code: "session-missing" } });
  await expect(
    calls.copy(
      before,
      "agent",
      { source: folder, destination: "/tmp/wrong", leaveOut: () => false },
      { signal: AbortSignal.timeout(25_000) },
    ),
  ).rejects.toMatchObject({ problem: { code: "session-missing" } });
  expect(await calls.run(target, "agent", ["ls", "/tmp"])).toMatchObject({ stdout: "", exitCode: 0 });
});
