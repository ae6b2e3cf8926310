import { afterAll, beforeAll, describe, it, vi } from "vitest";
import { type TestNamespace, createNamespace } from "../../../test/cluster/namespace.ts";
import { providerContract } from "../../../test/provider-contract.ts";
import { kubernetesSettings } from "../../city/kubernetes-settings.ts";
import { silentLog } from "../../lib/log.ts";
import type { SessionProvider } from "../session-provider.ts";
import { openKubernetesSessions } from "./kubernetes-session-provider.ts";

let namespace: TestNamespace;
let provider: SessionProvider;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  const place = { namespace: namespace.name, image: namespace.image, cpu_request: "10m", mem_request: "16Mi" };
  provider = openKubernetesSessions({ settings: kubernetesSettings(place, {}), log: silentLog });
});
afterAll(async () => {
  provider.dispose();
  await namespace[Symbol.asyncDispose]();
});

describe.concurrent("sessions in pods, as of every provider", () => {
  it.each(Object.entries(providerContract))("%s", async (_, holds) => {
    const none = { workDir: "", env: {}, processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
    const start = (name: string, command: string) =>
      provider.start(name, { ...none, command }, AbortSignal.timeout(45_000));
    await holds({ provider, start });
  });
});
