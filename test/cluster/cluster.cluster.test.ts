import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { clusterFolder } from "./cluster-state.ts";
import { clusterStatus } from "./cluster.ts";
import { type TestNamespace, createNamespace } from "./namespace.ts";
import { waitFor } from "./wait-for.ts";

const run = promisify(execFile);

/** Runs a shell script in a pod of the agent image, with a volume at /data, to its end; what it printed. */
async function runInAgentImage({ core, name, image }: TestNamespace, script: string): Promise<string> {
  await core.createNamespacedPersistentVolumeClaim({
    namespace: name,
    body: {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
  });
  await core.createNamespacedPod({
    namespace: name,
    body: {
      metadata: { name: "probe" },
      spec: {
        restartPolicy: "Never",
        containers: [
          {
            name: "agent",
            image,
            command: ["sh", "-c", script],
            // What a pod of gc asks for by default; more than two cores could be shared out in fours.
            resources: { requests: { cpu: "500m", memory: "1Gi" } },
            volumeMounts: [{ name: "data", mountPath: "/data" }],
          },
        ],
        volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
      },
    },
  });
  const phase = async (): Promise<string> =>
    (await core.readNamespacedPod({ namespace: name, name: "probe" })).status?.phase ?? "";
  await waitFor("The pod", async () => ["Succeeded", "Failed"].includes(await phase()), 50_000);
  return core.readNamespacedPodLog({ namespace: name, name: "probe" });
}

it("runs a pod of the agent image with all its tools, DNS and a volume", async () => {
  await using namespace = await createNamespace();
  const output = await runInAgentImage(
    namespace,
    "id -un; pwd; tmux -V; git --version; jq --version; bd version; dolt version; getent hosts kubernetes.default; test -d /data && echo volume",
  );
  expect(output).toMatch(/^gcagent\n\/workspace\ntmux 3\.3a\ngit version .*\njq-1.*\n/u);
  expect(output).toMatch(/bd version 1\.0\.0/u);
  expect(output).toMatch(/dolt version 1\./u);
  expect(output).toMatch(/kubernetes\.default/u);
  expect(output).toMatch(/^volume$/mu);
});

it("has room for 150 pods that ask for what gc's pods ask for", async () => {
  await using namespace = await createNamespace();
  const { items } = await namespace.core.listNode();
  const allocatable = items[0]?.status?.allocatable ?? {};
  expect(Number(allocatable["pods"])).toBeGreaterThanOrEqual(150);
  expect(Number(allocatable["cpu"])).toBeGreaterThanOrEqual(150 * 0.5);
});

it("tells other programs where it is", async () => {
  const env = { ...process.env };
  const { stdout } = await run("node", ["test/cluster/cli.ts", "status", "--json"], { env });
  expect(JSON.parse(stdout)).toMatchObject({
    running: true,
    kubeconfig: process.env["GASCITY_TEST_KUBECONFIG"],
    image: process.env["GASCITY_TEST_IMAGE"],
  });
});

const own = process.env["GASCITY_TEST_KUBECONFIG"]?.startsWith(clusterFolder()) ?? false;

it.runIf(own)("is not taken down while somebody uses it", async () => {
  const { GASCITY_TEST_KUBECONFIG: _, ...env } = process.env;
  await expect(run("node", ["test/cluster/cli.ts", "down"], { env })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The cluster is in use by .*vitest in .* \(process \d+\)/u) as string,
  });
  await expect(clusterStatus()).resolves.toMatchObject({ running: true });
});
