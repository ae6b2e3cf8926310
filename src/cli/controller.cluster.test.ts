import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { cityText } from "../../test/cluster/city-text.ts";
import { type TestNamespace, createNamespace } from "../../test/cluster/namespace.ts";
import { ControllerProcess } from "../../test/controller-process.ts";
import { twoSessions } from "../../test/headless-city.ts";
import { parseOpenMetrics } from "../../test/open-metrics.ts";
import { runGascity } from "../../test/run-gascity.ts";

let namespace: TestNamespace;
let root: string;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  root = await mkdtemp(join(tmpdir(), "gascity-headless-"));
  await writeFile(join(root, "city.toml"), cityText("t", namespace, twoSessions));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
  await namespace[Symbol.asyncDispose]();
});

const patience = { timeout: 60_000, interval: 100 };

/** The program once it listens, with what its endpoints say. */
async function run() {
  const controller = new ControllerProcess(root, process.env, "--listen", "127.0.0.1:0");
  onTestFinished(() => controller[Symbol.dispose]());
  const url = `http://127.0.0.1:${await controller.said(/\/metrics are on .*, port (\d+)$/u)}`;
  const metrics = async () => parseOpenMetrics(await (await fetch(`${url}/metrics`)).text());
  const untilTwoRun = async (): Promise<void> =>
    vi.waitFor(async () => {
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      const running = (await metrics()).find(({ labels }) => labels["phase"] === "running");
      expect(running?.value).toBe(2);
    }, patience);
  return { controller, metrics, untilTwoRun };
}

const pods = async (): Promise<string[]> =>
  (await namespace.core.listNamespacedPod({ namespace: namespace.name })).items
    .map(({ metadata }) => metadata?.uid ?? "")
    .sort();

it("adopts the pods of a controller that was killed, and of one that ended, and stops them all when told to", async () => {
  const first = await run();
  await first.untilTwoRun();
  const before = await pods();
  expect(before).toHaveLength(2);
  first.controller.kill("SIGKILL");
  await first.controller.exit;

  const second = await run();
  await second.untilTwoRun();
  // It waits for no lease of the dead one.
  expect(second.controller.log.join("\n")).not.toMatch(/The city is controlled by/u);
  expect(await pods()).toEqual(before);
  const requests = (await second.metrics()).filter(({ name }) => name === "gascity_api_requests_total");
  expect(requests.map(({ labels }) => labels["method"])).toEqual(expect.arrayContaining(["GET", "PUT", "WEBSOCKET"]));
  second.controller.kill("SIGTERM");
  expect(await second.controller.exit).toBe(0);
  expect(await pods()).toEqual(before);

  const third = await run();
  await third.untilTwoRun();
  expect(await pods()).toEqual(before);
  expect((await runGascity(["controller", "status", root])).stdout).toMatch(
    /^t: running, controlled by process \d+\na-1 +running .*\na-2 +running .*\n$/u,
  );
  expect(await readFile(join(root, ".gc/events.jsonl"), "utf8")).not.toContain("session.stopped");
  expect(await runGascity(["controller", "stop", root])).toMatchObject({
    code: 0,
    stdout: "The city has stopped.\n",
  });
  expect(await third.controller.exit).toBe(0);
  expect(await pods()).toEqual([]);
}, 180_000);
