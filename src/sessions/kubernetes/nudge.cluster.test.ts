import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runInPod } from "../../../test/cluster/in-pod.ts";
import { type TestNamespace, createNamespace } from "../../../test/cluster/namespace.ts";
import { kubernetesSettings } from "../../city/kubernetes-settings.ts";
import { silentLog } from "../../lib/log.ts";
import { nudgeText } from "../nudge-text.ts";
import type { SessionProvider } from "../session-provider.ts";
import { openKubernetesSessions } from "./kubernetes-session-provider.ts";

let namespace: TestNamespace;
/** Two that know nothing of each other, as of two windows; the second has no channel to any pod. */
let providers: readonly [SessionProvider, SessionProvider];
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  const place = { namespace: namespace.name, image: namespace.image, cpu_request: "10m", mem_request: "16Mi" };
  const open = () => openKubernetesSessions({ settings: kubernetesSettings(place, {}), log: silentLog });
  providers = [open(), open()];
  providers[0].watch(() => undefined);
});
afterAll(async () => {
  for (const provider of providers) provider.dispose();
  await namespace[Symbol.asyncDispose]();
});

/** An agent that keeps all it is given, byte for byte, in the file `typed`. */
async function startRecorder(name: string): Promise<void> {
  const command = "sh -c 'stty raw -echo; exec tee typed'";
  const none = { workDir: "", env: {}, processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
  await providers[0].start(name, { command, ...none }, AbortSignal.timeout(45_000));
  await vi.waitFor(async () => expect(await typed(name)).toBe(""), 10_000);
}

const typed = (name: string): Promise<string> => runInPod(namespace, name, "cat typed");

describe.concurrent("nudge in a pod", () => {
  it.each([
    ["stream", 0],
    ["exec", 1],
  ] as const)("brings any text through a %s once, byte for byte, and one Enter", async (name, which) => {
    await startRecorder(name);
    const texts = [
      "hello",
      "Enter",
      "-l --",
      'it\'s "$HOME" `id`; größe 🚀;',
      "one\r\n\ttwo\u0007\u001B[31m\n\nthree\n",
      "0123456789abcde\n".repeat(4095) + "x",
      "0123456789abcdef".repeat(4096),
    ];
    for (const text of texts) await providers[which].nudge(name, text);
    const all = texts.map((text) => `${nudgeText(text)}\r`).join("");
    await vi.waitFor(async () => expect(await typed(name)).toBe(all), 10_000);
    await expect(runInPod(namespace, name, "tmux list-buffers")).resolves.toBe("");
  });

  it("keeps the texts of two controllers apart, each in its order", async () => {
    await startRecorder("shared");
    const numbers = Array.from({ length: 6 }, (_, index) => index);
    await Promise.all(
      providers.flatMap((provider, who) => numbers.map((number) => provider.nudge("shared", `text ${who}${number}`))),
    );
    const lines = (await typed("shared")).split("\r").slice(0, -1);
    for (const who of [0, 1]) {
      const own = lines.filter((line) => line.startsWith(`text ${who}`));
      expect(own).toEqual(numbers.map((number) => `text ${who}${number}`));
    }
    expect(lines).toHaveLength(12);
  });

  it("reaches an agent that somebody left scrolled back", async () => {
    await startRecorder("scrolled");
    await runInPod(namespace, "scrolled", "tmux copy-mode -t main");
    await providers[0].nudge("scrolled", "now");
    await vi.waitFor(async () => expect(await typed("scrolled")).toBe("now\r"), 10_000);
  });
});
