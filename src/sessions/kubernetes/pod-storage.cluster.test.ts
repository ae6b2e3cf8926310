import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type TestNamespace, createNamespace } from "../../../test/cluster/namespace.ts";
import { kubernetesSettings } from "../../city/kubernetes-settings.ts";
import { silentLog } from "../../lib/log.ts";
import { openKubernetesSessions } from "./kubernetes-session-provider.ts";

let namespace: TestNamespace;
let folder: string;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  folder = mkdtempSync(join(tmpdir(), "gascity-city-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await namespace[Symbol.asyncDispose]();
});

const soon = (): AbortSignal => AbortSignal.timeout(45_000);

const claims = async (): Promise<readonly (string | undefined)[]> => {
  const { items } = await namespace.core.listNamespacedPersistentVolumeClaim({ namespace: namespace.name });
  return items.map(({ metadata }) => metadata?.name);
};

/** Opens a claim's volume to everybody: not every kind of volume heeds the group that a pod asks for. */
async function openToAll(claim: string): Promise<void> {
  const spec = {
    restartPolicy: "Never",
    securityContext: { runAsUser: 0 },
    containers: [
      {
        name: "chmod",
        image: namespace.image,
        command: ["chmod", "777", "/volume"],
        volumeMounts: [{ name: "volume", mountPath: "/volume" }],
      },
    ],
    volumes: [{ name: "volume", persistentVolumeClaim: { claimName: claim } }],
  };
  const where = { namespace: namespace.name };
  await namespace.core.createNamespacedPod({ ...where, body: { metadata: { name: "opener" }, spec } });
  await vi.waitFor(
    async () => {
      const { status } = await namespace.core.readNamespacedPod({ ...where, name: "opener" });
      expect(status?.phase).toBe("Succeeded");
    },
    { timeout: 40_000, interval: 200 },
  );
}

it("keeps work that was not committed when the pod goes, and does not write over it", async () => {
  const city = join(folder, "city.toml");
  writeFileSync(city, "first");
  const place = { namespace: namespace.name, image: namespace.image, cpu_request: "10m", mem_request: "16Mi" };
  const provider = openKubernetesSessions({ settings: kubernetesSettings(place, {}), log: silentLog });
  const rest = { processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
  const start = (signal = soon()) =>
    provider.start(
      "keeper",
      { workDir: folder, env: { GC_CITY: folder }, command: "sh", pod: { storage: "64Mi" }, ...rest },
      signal,
    );
  const asks = async (command: string, answer: string) => {
    await provider.nudge("keeper", command);
    await vi.waitFor(async () => expect(await provider.peek("keeper", 0)).toContain(answer), 10_000);
  };
  try {
    const enough = new AbortController();
    const first = start(enough.signal).catch(() => undefined);
    await vi.waitFor(async () => expect(await claims()).toEqual(["keeper-work"]), 10_000);
    enough.abort();
    await first;
    await openToAll("keeper-work");

    await start();
    await asks('echo "$(cat city.toml) place"', "first place");
    await asks("echo mine > notes; echo changed > city.toml; sync; echo writ''ten", "written");
    await provider.stop("keeper", soon());

    writeFileSync(city, "second");
    await start();
    await asks('echo "$(cat notes) and $(cat city.toml)"', "mine and changed");
    await provider.stop("keeper", soon());
    expect(await claims()).toEqual(["keeper-work"]);
  } finally {
    provider.dispose();
  }
});
