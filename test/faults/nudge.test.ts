import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { kubernetesSettings } from "../../src/city/kubernetes-settings.ts";
import { silentLog } from "../../src/lib/log.ts";
import { problemOf } from "../../src/lib/problem.ts";
import { openKubernetesSessions } from "../../src/sessions/kubernetes/kubernetes-session-provider.ts";
import { runInPod } from "../cluster/in-pod.ts";
import { type TestNamespace, createNamespace } from "../cluster/namespace.ts";
import { FaultyProxy } from "./faulty-proxy.ts";

let folder: string;
let namespace: TestNamespace;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gascity-faults-"));
  namespace = await createNamespace();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await namespace[Symbol.asyncDispose]();
});

it.each([
  ["streams", true],
  ["execs", false],
] as const)(
  "nudges by %s once and in order while connections are reset, or says that it does not know",
  async (name, watched) => {
    await using proxy = await FaultyProxy.start(namespace.kubeconfig);
    const kubeconfig = join(folder, name);
    writeFileSync(kubeconfig, proxy.config.exportConfig());
    const place = { namespace: namespace.name, image: namespace.image, cpu_request: "10m", mem_request: "16Mi" };
    vi.stubEnv("KUBECONFIG", kubeconfig);
    const provider = openKubernetesSessions({ settings: kubernetesSettings(place, {}), log: silentLog });
    vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
    try {
      const none = { workDir: "", env: {}, processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
      const command = "sh -c 'stty raw -echo; exec tee typed'";
      if (watched) provider.watch(() => undefined);
      await provider.start(name, { command, ...none }, AbortSignal.timeout(45_000));
      const sent: string[] = [];
      const doubtful: string[] = [];
      for (let round = 0; round < 12; round++) {
        const text = `text ${String(round).padStart(2, "0")}.`;
        const nudge = provider.nudge(name, text).then(
          () => sent.push(text),
          (error: unknown) => {
            expect(["nudge-unconfirmed", "cluster-unreachable"]).toContain(problemOf(error).code);
            doubtful.push(text);
          },
        );
        // All over the time that a nudge takes.
        await delay(30 * round);
        proxy.reset();
        await nudge;
      }
      const typed = await runInPod(namespace, name, "cat typed");
      const found = typed.match(/text \d\d\./gu) ?? [];
      expect(found).toEqual([...new Set(found)].toSorted());
      expect(found).toEqual(expect.arrayContaining(sent));
      for (const text of sent) expect(typed).toContain(`${text}\r`);
      expect(typed).not.toContain("\r\r");
      expect(sent.length).toBeGreaterThan(doubtful.length);
    } finally {
      provider.dispose();
    }
  },
);
