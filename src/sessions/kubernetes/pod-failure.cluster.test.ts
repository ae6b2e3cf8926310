import type { V1PodSpec } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { podNames } from "../../../test/cluster/in-pod.ts";
import { type TestNamespace, createNamespace } from "../../../test/cluster/namespace.ts";
import { kubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { silentLog } from "../../lib/log.ts";
import type { SessionProvider, SessionSnapshot, SessionStatus } from "../session-provider.ts";
import { openKubernetesSessions } from "./kubernetes-session-provider.ts";

let namespace: TestNamespace;
let provider: SessionProvider;
let snapshot: SessionSnapshot | undefined;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  provider = open({});
  provider.watch((told) => (snapshot = told));
});
afterAll(async () => {
  provider.dispose();
  await namespace[Symbol.asyncDispose]();
});

function open(table: Readonly<Record<string, string>>): SessionProvider {
  const place = { namespace: namespace.name, image: namespace.image, cpu_request: "10m", mem_request: "16Mi" };
  return openKubernetesSessions({ settings: kubernetesSettings({ ...place, ...table }, {}), log: silentLog });
}

function config(command: string, change: Partial<SessionConfig> = {}): SessionConfig {
  const none = { workDir: "", env: {}, processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
  return { command, ...none, ...change };
}

/** A pod as gc makes one, with something of its own. */
async function makePod(name: string, command: string, change: Partial<V1PodSpec> = {}): Promise<void> {
  const { containers: [other] = [], ...rest } = change;
  const agent = Object.assign({ name: "agent", image: namespace.image, command: ["sh", "-c", command] }, other);
  const metadata = { name, labels: { app: "gc-agent", "gc-session": name }, annotations: { "gc-session-name": name } };
  const spec: V1PodSpec = { restartPolicy: "Never", terminationGracePeriodSeconds: 0, ...rest, containers: [agent] };
  await namespace.core.createNamespacedPod({ namespace: namespace.name, body: { metadata, spec } });
}

/** Waits until both the watch and a fresh look show the session so. */
async function shows(name: string, state: string, reason: RegExp, action: RegExp): Promise<void> {
  const text = (pattern: RegExp): string => expect.stringMatching(pattern) as string;
  const status = { name, state, reason: text(reason), action: text(action) };
  const seen = (): SessionStatus | undefined => snapshot?.sessions.get(name);
  await vi.waitFor(
    () => {
      expect(seen()).toMatchObject(status);
    },
    { timeout: 30_000, interval: 100 },
  );
  expect(await provider.list()).toContainEqual(expect.objectContaining(status));
}

const tmux = "tmux new-session -d -s main cat";

describe.concurrent("a pod", () => {
  it("whose agent takes more memory than it may", async () => {
    const small = open({ mem_limit: "48Mi" });
    await small.start("hungry", config("sh -c 'read go; tail /dev/zero'"), AbortSignal.timeout(45_000));
    await small.nudge("hungry", "go");
    await shows("hungry", "exited", /memory/u, /mem_limit/u);
    small.dispose();
  });

  it("that fills its node's disk", async () => {
    const resources = { limits: { "ephemeral-storage": "1Mi" } };
    await makePod("spilling", `${tmux}; head -c 20000000 /dev/zero >/tmp/big; sleep 1000`, {
      containers: [{ name: "agent", resources }],
    });
    await shows("spilling", "exited", /evicted the pod: .*ephemeral/u, /write less/u);
  });

  it("for which there is no node", async () => {
    await makePod("homeless", tmux, { nodeSelector: { disk: "golden" } });
    await shows("homeless", "failed", /No node can take the pod: .*selector/u, /node_selector/u);
  });

  it("for which no node has room", async () => {
    const resources = { requests: { cpu: "5000" } };
    await makePod("huge", tmux, { containers: [{ name: "agent", resources }] });
    await shows("huge", "failed", /No node can take the pod: .*cpu/u, /cpu_request/u);
  });

  it("that needs a Secret that is not there", async () => {
    const env = [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "nowhere", key: "token" } } }];
    await makePod("keyless", tmux, { containers: [{ name: "agent", env }] });
    await shows("keyless", "failed", /"nowhere" not found/u, /./u);
  });

  it("that needs a volume that is not there", async () => {
    const volumes = [{ name: "v", secret: { secretName: "nowhere" } }];
    const volumeMounts = [{ name: "v", mountPath: "/v" }];
    await makePod("driveless", tmux, { volumes, containers: [{ name: "agent", volumeMounts }] });
    await shows("driveless", "starting", /cannot be created yet: .*secret "nowhere" not found/u, /Correct/u);
  });

  it("whose command is not in its image", async () => {
    await makePod("wrong", "x", { containers: [{ name: "agent", command: ["/no/such/program"] }] });
    await shows("wrong", "failed", /cannot be started: .*"\/no\/such\/program"/u, /image/u);
  });

  it("that ran and has ended, with its last words", async () => {
    await provider.start("brief", config("sh -c 'read go; echo no key; exit 1'"), AbortSignal.timeout(45_000));
    await provider.nudge("brief", "go");
    await shows("brief", "exited", /has ended; .*it said last: go no key$/u, /^$/u);
  });

  it("that does not end when it should", async () => {
    await makePod("stubborn", `trap "" TERM; ${tmux}; while :; do sleep 1; done`, {
      terminationGracePeriodSeconds: 6,
    });
    await shows("stubborn", "running", /^$/u, /^$/u);
    await namespace.core.deleteNamespacedPod({ namespace: namespace.name, name: "stubborn" });
    await shows("stubborn", "stopping", /has until \d\d:\d\d:\d\d UTC to end/u, /^$/u);
    await provider.stop("stubborn", AbortSignal.timeout(45_000));
    expect(await podNames(namespace)).not.toContain("stubborn");
  });
});

it("a pod is refused with the quota that does not allow it", async () => {
  const body = { metadata: { name: "none" }, spec: { hard: { pods: "0" } } };
  await namespace.core.createNamespacedResourceQuota({ namespace: namespace.name, body });
  await expect(provider.start("refused", config("cat"), AbortSignal.timeout(45_000))).rejects.toMatchObject({
    problem: {
      reason: expect.stringMatching(/quota does not allow it: .*exceeded quota: none/u) as string,
      action: expect.stringMatching(/Stop other agents/u) as string,
    },
  });
});
