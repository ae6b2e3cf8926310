import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { kubernetesSettings } from "../../src/city/kubernetes-settings.ts";
import type { SessionConfig } from "../../src/city/session-config.ts";
import { silentLog } from "../../src/lib/log.ts";
import { openKubernetesSessions } from "../../src/sessions/kubernetes/kubernetes-session-provider.ts";
import type { SessionProvider, SessionSnapshot } from "../../src/sessions/session-provider.ts";
import { runInPod } from "../cluster/in-pod.ts";
import { type TestNamespace, createNamespace } from "../cluster/namespace.ts";
import { FaultyProxy } from "./faulty-proxy.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gascity-faults-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const soon = (): AbortSignal => AbortSignal.timeout(45_000);
const config: SessionConfig = {
  workDir: "",
  command: "sh -c 'echo ready; exec cat'",
  env: {},
  processNames: [],
  nudge: "",
  preStart: [],
  overlayDir: "",
  copyFiles: [],
};
/** Two pings and the longest pause before a new try. */
const untilSeen = { timeout: 60_000, interval: 100 };

interface Place extends AsyncDisposable {
  readonly namespace: TestNamespace;
  readonly proxy: FaultyProxy;
  readonly provider: SessionProvider;
  readonly state: () => string | undefined;
}

/** A session of this name in a namespace of its own, started and watched through a proxy of its own. */
async function startThroughProxy(name: string): Promise<Place> {
  const namespace = await createNamespace();
  const proxy = await FaultyProxy.start(namespace.kubeconfig);
  const kubeconfig = join(folder, name);
  writeFileSync(kubeconfig, proxy.config.exportConfig());
  const place = { namespace: namespace.name, image: namespace.image, cpu_request: "10m", mem_request: "16Mi" };
  vi.stubEnv("KUBECONFIG", kubeconfig);
  const provider = openKubernetesSessions({ settings: kubernetesSettings(place, {}), log: silentLog });
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  let told: SessionSnapshot | undefined;
  provider.watch((snapshot) => (told = snapshot));
  await provider.start(name, config, soon());
  return {
    namespace,
    proxy,
    provider,
    state: () => told?.sessions.get(name)?.state,
    [Symbol.asyncDispose]: async () => {
      provider.dispose();
      await proxy[Symbol.asyncDispose]();
      await namespace[Symbol.asyncDispose]();
    },
  };
}

/** Watchers in the agent's pod, and hooks that one has left. */
const traces = (namespace: TestNamespace, name: string): Promise<string> =>
  runInPod(
    namespace,
    name,
    "pgrep -fc '^tmux .*wait-for gascity-'; tmux show-hooks -g session-closed | grep -c gascity-",
  );

describe.concurrent("a session", () => {
  it("is reached again after its connections were reset, by one watcher and no more", async () => {
    await using place = await startThroughProxy("reset");
    const { namespace, proxy, provider, state } = place;
    for (let round = 0; round < 3; round++) {
      const before = provider.peek("reset", 0).catch((error: unknown) => error);
      proxy.reset();
      await before;
      await vi.waitFor(() => expect(proxy.webSockets).toBe(1), untilSeen);
      await vi.waitFor(async () => expect(await provider.peek("reset", 0)).toContain("ready"), untilSeen);
      expect(state()).toBe("running");
    }
    await vi.waitFor(async () => expect(await traces(namespace, "reset")).toBe("1\n1\n"), untilSeen);
  });

  it("is told to be out of reach within ten seconds when its connections are dead, and reached again later", async () => {
    await using place = await startThroughProxy("dead");
    const { proxy, provider, state } = place;
    proxy.hold();
    const began = performance.now();
    await expect(provider.nudge("dead", "lost")).rejects.toMatchObject({ problem: { code: "cluster-unreachable" } });
    expect(performance.now() - began).toBeLessThan(15_000);
    proxy.heal();
    await vi.waitFor(async () => expect(await provider.peek("dead", 0)).toContain("ready"), untilSeen);
    expect(state()).toBe("running");
    await provider.nudge("dead", "found");
    await vi.waitFor(async () => expect(await provider.peek("dead", 0)).toContain("found"), untilSeen);
    expect(await provider.peek("dead", 0)).not.toContain("lost");
  });

  it("has its idle watch opened anew within a minute when its connection is dead", { timeout: 120_000 }, async () => {
    await using place = await startThroughProxy("idle");
    const { proxy } = place;
    await vi.waitFor(() => expect(proxy.webSockets).toBe(1), untilSeen);
    proxy.hold();
    proxy.heal();
    expect([proxy.webSockets, proxy.liveWebSockets]).toEqual([1, 0]);
    await vi.waitFor(() => expect([proxy.webSockets, proxy.liveWebSockets]).toEqual([1, 1]), untilSeen);
  });
});
