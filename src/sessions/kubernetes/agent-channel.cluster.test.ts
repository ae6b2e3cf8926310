import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runInPod } from "../../../test/cluster/in-pod.ts";
import { type TestNamespace, createNamespace, tmuxImages } from "../../../test/cluster/namespace.ts";
import { kubernetesSettings } from "../../city/kubernetes-settings.ts";
import { silentLog } from "../../lib/log.ts";
import type { SessionProvider } from "../session-provider.ts";
import { openKubernetesSessions } from "./kubernetes-session-provider.ts";

let namespace: TestNamespace;
let image: string;

/** Gives the tests around it a namespace, and agents of this image. */
function inNamespace(which: "image" | "newTmuxImage"): void {
  beforeAll(async () => {
    namespace = await createNamespace();
    vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
    image = namespace[which];
  });
  afterAll(async () => namespace[Symbol.asyncDispose]());
}

const soon = (): AbortSignal => AbortSignal.timeout(45_000);
const patience = { timeout: 20_000, interval: 100 };

function open() {
  const place = { namespace: namespace.name, image, cpu_request: "10m", mem_request: "16Mi" };
  const provider = openKubernetesSessions({ settings: kubernetesSettings(place, {}), log: silentLog });
  return Object.assign(provider, { [Symbol.dispose]: () => provider.dispose() });
}

function start(provider: SessionProvider, name: string, command: string): Promise<void> {
  const none = { workDir: "", env: {}, processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
  return provider.start(name, { ...none, command }, soon());
}

/** The names of the watchers in a pod, each once. */
async function watchers(pod: string): Promise<readonly string[]> {
  const names = await runInPod(namespace, pod, "grep -hsaoE 'gascity-[0-9A-Za-z_-]{8}' /proc/[0-9]*/cmdline | sort -u");
  return names.split("\n").filter((name) => name !== "");
}

async function answers(provider: SessionProvider, pod: string, value: string): Promise<void> {
  await provider.setMeta(pod, "KEY", value);
  await expect(provider.getMeta(pod, "KEY")).resolves.toBe(value);
  await expect(provider.processAlive(pod, ["no-such-program"])).resolves.toBe(false);
}

describe.each(tmuxImages)("the commands of a session in a pod with %s", (_, which) => {
  inNamespace(which);

  it("go by one exec each where no channel is open", async () => {
    using first = open();
    await start(first, "bare", "cat");
    first.dispose();
    await vi.waitFor(async () => expect(await watchers("bare")).toEqual([]), patience);
    using second = open();
    await answers(second, "bare", "by exec");
    expect(await watchers("bare")).toEqual([]);
  });

  it("go on when their channel is ended in the pod, which opens again and leaves nothing of the old one", async () => {
    using provider = open();
    provider.watch(() => undefined);
    await start(provider, "ended", "cat");
    await answers(provider, "ended", "before");
    const [before] = await vi.waitFor(async () => {
      const names = await watchers("ended");
      expect(names).toHaveLength(1);
      return names;
    }, patience);
    // Not the shell that looks for it.
    const pattern = before?.replace(/.$/u, "[$&]");
    await runInPod(namespace, "ended", `kill -9 $(grep -lsa -e ${pattern} /proc/[0-9]*/cmdline | cut -d/ -f3)`);
    // A command that was under way has failed.
    await vi.waitFor(() => answers(provider, "ended", "meanwhile"), patience);
    await vi.waitFor(async () => {
      await answers(provider, "ended", "after");
      const names = await watchers("ended");
      expect(names).toHaveLength(1);
      expect(names).not.toContain(before);
    }, patience);
    expect((await provider.list()).map(({ state }) => state)).toContain("running");
  });

  it("are told what runs in front, which is then alive without a search, and nobody tells it when the provider is gone", async () => {
    const tellers = (): Promise<string> => runInPod(namespace, "front", "pgrep -f '[t]mux -u display-message'");
    using provider = open();
    provider.watch(() => undefined);
    // As a pattern its name means something else, so that no search finds it.
    await start(provider, "front", "bash -c 'exec -a xz+q cat'");
    await vi.waitFor(async () => expect(await provider.processAlive("front", ["xz+q"])).toBe(true), patience);
    await expect(provider.processAlive("front", ["qz+x"])).resolves.toBe(false);
    expect(await tellers()).not.toBe("");
    provider.dispose();
    await vi.waitFor(async () => expect(await tellers()).toBe(""), patience);
    using other = open();
    await expect(other.processAlive("front", ["xz+q"])).resolves.toBe(false);
  });

  it("are answered while the agent prints 100 MB, through the same channel", async () => {
    using provider = open();
    provider.watch(() => undefined);
    await start(
      provider,
      "flood",
      "sh -c 'read go; yes 0123456789abcdefghijklmnopqrstuvwxyz | head -c 100000000; echo done; cat'",
    );
    await answers(provider, "flood", "before");
    const inControlMode = await runInPod(namespace, "flood", "tmux list-clients -F '#{client_control_mode}'");
    expect(inControlMode).toBe(which === "image" ? "" : "1\n");
    const before = await watchers("flood");
    await provider.sendKeys("flood", ["Enter"]);
    let during = 0;
    for (let shown = ""; !shown.includes("done"); shown = await provider.peek("flood", 5)) {
      await answers(provider, "flood", `${during}`);
      during += 1;
    }
    expect(during).toBeGreaterThan(3);
    expect(await watchers("flood")).toEqual(before);
  });
});

describe("a session's command channel in control mode", () => {
  inNamespace("newTmuxImage");

  const clients = (pod: string): Promise<string> =>
    runInPod(namespace, pod, "tmux list-clients -F '#{client_control_mode} #{session_name}'");

  /** Waits until commands go through the pod's channel; the names of its watchers. */
  const untilOpen = (provider: SessionProvider, pod: string): Promise<readonly string[]> =>
    vi.waitFor(async () => {
      await answers(provider, pod, "before");
      expect(await clients(pod)).toMatch(/^1 gascity-[\w-]+\n$/u);
      return watchers(pod);
    }, patience);

  it("is no terminal of the agent's, changes no size, and ends with its provider", async () => {
    using provider = open();
    provider.watch(() => undefined);
    await start(provider, "quiet", "cat");
    const size = (): Promise<string> =>
      runInPod(namespace, "quiet", "tmux display-message -p -t =main: '#{window_width}'");
    const before = await size();
    await untilOpen(provider, "quiet");
    await expect(provider.isAttached("quiet")).resolves.toBe(false);
    expect(await size()).toBe(before);
    provider.dispose();
    const sessions = (): Promise<string> => runInPod(namespace, "quiet", "tmux list-sessions -F '#{session_name}'");
    await vi.waitFor(async () => expect(await sessions()).toBe("main\n"), patience);
    expect(await clients("quiet")).toBe("");
    expect(await runInPod(namespace, "quiet", "ls /tmp | grep gascity- || echo none")).toBe("none\n");
  });

  it("outlives, as its server does, what ends older servers beside such a client", async () => {
    using provider = open();
    provider.watch(() => undefined);
    await start(provider, "robust", "cat");
    const before = await untilOpen(provider, "robust");
    const server = (): Promise<string> => runInPod(namespace, "robust", "tmux display-message -p '#{pid}'");
    const pid = await server();
    await runInPod(
      namespace,
      "robust",
      "tmux new-session -d -s other cat \\; new-window -t other: cat \\; kill-session -t other",
    );
    await runInPod(
      namespace,
      "robust",
      "tmux new-session -d -s other cat \\; split-window -t other: cat \\; split-window -t other: cat && " +
        "kill -9 $(tmux list-panes -t other: -F '#{pane_pid}')",
    );
    await answers(provider, "robust", "after");
    expect(await server()).toBe(pid);
    expect(await watchers("robust")).toEqual(before);
  });

  it("opens again when somebody sends its client away", async () => {
    using provider = open();
    provider.watch(() => undefined);
    await start(provider, "away", "cat");
    const [before = ""] = await untilOpen(provider, "away");
    await runInPod(namespace, "away", `tmux detach-client -s =${before}`);
    await vi.waitFor(async () => {
      await answers(provider, "away", "after");
      expect(await watchers("away")).not.toContain(before);
      expect(await clients("away")).not.toContain(before);
    }, patience);
  });

  it("leaves nothing behind when its shell alone is killed in the pod", async () => {
    using provider = open();
    provider.watch(() => undefined);
    await start(provider, "killed", "cat");
    const [before = ""] = await untilOpen(provider, "killed");
    await runInPod(namespace, "killed", `kill -9 $(pgrep -of ${before.replace(/.$/u, "[$&]")})`);
    await vi.waitFor(async () => {
      await answers(provider, "killed", "after");
      expect(await watchers("killed")).not.toContain(before);
      expect(await runInPod(namespace, "killed", "tmux list-sessions -F '#{session_name}'")).not.toContain(before);
      expect(await runInPod(namespace, "killed", "tmux show-hooks -g session-closed")).not.toContain(before);
    }, patience);
  });
});
