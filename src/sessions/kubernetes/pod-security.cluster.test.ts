import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type TestNamespace, createNamespace } from "../../../test/cluster/namespace.ts";
import { kubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { PodOptions } from "../../city/pod-options.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { openConnection } from "../../kubernetes/connection.ts";
import { silentLog } from "../../lib/log.ts";
import { openKubernetesSessions } from "./kubernetes-session-provider.ts";

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  const connection = openConnection();
  const path = `/api/v1/namespaces/${namespace.name}`;
  const current = await connection.call<{ metadata: { labels: object } }>({ method: "GET", path });
  Object.assign(current.metadata.labels, labels);
  await connection.call({ method: "PUT", path, body: current });
  connection.dispose();
});
afterAll(async () => namespace[Symbol.asyncDispose]());

const soon = (): AbortSignal => AbortSignal.timeout(45_000);

function open() {
  const place = { namespace: namespace.name, image: namespace.image, cpu_request: "10m", mem_request: "16Mi" };
  return openKubernetesSessions({ settings: kubernetesSettings(place, {}), log: silentLog });
}

function config(pod: PodOptions = {}): SessionConfig {
  const env = { ANTHROPIC_API_KEY: "sk-secret" };
  const command = 'echo "key $ANTHROPIC_API_KEY"; sleep 100';
  const rest = { workDir: "", processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
  return { command, env, pod, ...rest };
}

it("runs where only restricted pods may, with its secrets in a Secret that goes with the pod", async () => {
  const provider = open();
  try {
    await provider.start("quiet", config(), soon());
    expect(await provider.peek("quiet", 0)).toContain("key sk-secret");
    const [pod] = (await namespace.core.listNamespacedPod({ namespace: namespace.name })).items;
    expect(JSON.stringify(pod)).not.toContain("sk-secret");
    const secrets = async () => (await namespace.core.listNamespacedSecret({ namespace: namespace.name })).items;
    expect((await secrets()).map(({ metadata }) => metadata?.ownerReferences?.[0]?.uid)).toEqual([pod?.metadata?.uid]);

    await provider.stop("quiet", soon());
    await vi.waitFor(async () => expect(await secrets()).toEqual([]), { timeout: 30_000, interval: 200 });
  } finally {
    provider.dispose();
  }
});

it("says what the namespace does not take, and leaves nothing", async () => {
  const provider = open();
  try {
    await expect(provider.start("rooted", config({ security: "baseline" }), soon())).rejects.toThrow(
      /does not take such pods: .*PodSecurity.* Change in kubernetes\.toml/u,
    );
    expect((await namespace.core.listNamespacedPod({ namespace: namespace.name })).items).toEqual([]);
  } finally {
    provider.dispose();
  }
});
