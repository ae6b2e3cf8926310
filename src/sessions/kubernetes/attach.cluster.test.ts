import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runInPod } from "../../../test/cluster/in-pod.ts";
import { type TestNamespace, createNamespace } from "../../../test/cluster/namespace.ts";
import { kubernetesSettings } from "../../city/kubernetes-settings.ts";
import { silentLog } from "../../lib/log.ts";
import type { Attachment, SessionProvider, TerminalSize } from "../session-provider.ts";
import { openKubernetesSessions } from "./kubernetes-session-provider.ts";

let namespace: TestNamespace;
let provider: SessionProvider;
const place = () => ({ namespace: namespace.name, image: namespace.image, cpu_request: "10m", mem_request: "16Mi" });
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  provider = openKubernetesSessions({ settings: kubernetesSettings(place(), {}), log: silentLog });
  provider.watch(() => undefined);
});
afterAll(async () => {
  provider.dispose();
  await namespace[Symbol.asyncDispose]();
});

const soon = (): AbortSignal => AbortSignal.timeout(45_000);
const patience = { timeout: 15_000, interval: 50 };
const usual: TerminalSize = { columns: 100, rows: 30 };

function start(name: string, command: string): Promise<void> {
  const none = { workDir: "", env: {}, processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
  return provider.start(name, { ...none, command }, soon());
}

interface Terminal extends Disposable {
  readonly attachment: Attachment;
  readonly shown: () => string;
  readonly until: (text: string | RegExp) => Promise<void>;
}

async function attach(name: string, size = usual): Promise<Terminal> {
  const target = await provider.attach(name);
  if (target.kind !== "stream") throw new Error("a pod's terminal is a stream");
  const attachment = await target.open(size, soon());
  let shown = "";
  attachment.onData((chunk) => (shown += Buffer.from(chunk).toString("utf8")));
  return {
    attachment,
    shown: () => shown,
    until: (text) => vi.waitFor(() => expect(shown).toMatch(text), patience),
    [Symbol.dispose]: () => attachment.dispose(),
  };
}

const clients = (name: string): Promise<string> => runInPod(namespace, name, "tmux list-clients -t =main | wc -l");

/** Another process, which attaches to the session and says so. */
function spawnTerminal(name: string) {
  const source = `
    const [module, settings, name] = process.argv.slice(1);
    const { openKubernetesSessions } = await import(module);
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const provider = openKubernetesSessions({ settings: JSON.parse(settings), log });
    const target = await provider.attach(name);
    const attachment = await target.open({ columns: 80, rows: 24 });
    attachment.onData((bytes) => process.stdout.write(bytes));
  `;
  const module = new URL("kubernetes-session-provider.ts", import.meta.url).href;
  const settings = JSON.stringify(kubernetesSettings(place(), {}));
  const argv = ["--input-type=module", "--eval", source, module, settings, name];
  return spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
}

describe.concurrent("a terminal on an agent in a pod", () => {
  it("leaves nothing attached when the process that shows it is killed", async () => {
    await start("killed", "cat");
    const editor = spawnTerminal("killed");
    try {
      await once(editor.stdout, "data");
      await vi.waitFor(async () => expect(await clients("killed")).toBe("1\n"), patience);
    } finally {
      editor.kill("SIGKILL");
    }
    await vi.waitFor(async () => expect(await clients("killed")).toBe("0\n"), patience);
    await expect(provider.isAttached("killed")).resolves.toBe(false);
    await vi.waitFor(
      async () =>
        expect(await runInPod(namespace, "killed", "pgrep -fc 'attach[-]session -t|detach[-]client'")).toBe("0\n"),
      patience,
    );
  });

  it("is one of several, each of its own size; the agent is attached to until the last has gone", async () => {
    await start("several", "sh -c 'echo ready; cat'");
    await expect(provider.isAttached("several")).resolves.toBe(false);
    const sizes = [usual, { columns: 70, rows: 20 }, { columns: 120, rows: 40 }];
    const terminals = await Promise.all(sizes.map((size) => attach("several", size)));
    for (const terminal of terminals) await terminal.until("ready");
    expect(await clients("several")).toBe("3\n");
    await expect(provider.isAttached("several")).resolves.toBe(true);
    terminals[1]?.attachment.write("all\r");
    for (const terminal of terminals) await terminal.until("all");
    for (const terminal of terminals.slice(1)) terminal.attachment.dispose();
    await vi.waitFor(async () => expect(await clients("several")).toBe("1\n"), patience);
    await expect(provider.isAttached("several")).resolves.toBe(true);
    terminals[0]?.attachment.dispose();
    await vi.waitFor(async () => expect(await provider.isAttached("several")).toBe(false), patience);
  });

  it("ends a storm of sizes with the last one", async () => {
    await start("storm", "sh");
    using terminal = await attach("storm");
    for (let step = 0; step < 300; step++) {
      terminal.attachment.resize({ columns: 40 + (step % 90), rows: 10 + (step % 30) });
    }
    terminal.attachment.resize({ columns: 81, rows: 26 });
    await vi.waitFor(async () => {
      terminal.attachment.write("echo size $(stty size)\r");
      await vi.waitFor(() => expect(terminal.shown()).toContain("size 25 81"), { timeout: 500 });
    }, patience);
  });

  // tmux takes about a megabyte of keys a second.
  it("takes 64 MB at once, of which nothing is lost", { timeout: 300_000 }, async () => {
    const size = 64 * 1024 * 1024;
    await start("paste", `sh -c 'stty raw -echo; echo ready; head -c ${size} | sha256sum; cat'`);
    using terminal = await attach("paste");
    await terminal.until("ready");
    const text = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\r\n".repeat(size / 64);
    terminal.attachment.write(text);
    const sum = createHash("sha256").update(text).digest("hex");
    await vi.waitFor(() => expect(terminal.shown()).toContain(sum), { timeout: 240_000, interval: 200 });
  });

  it("stops a flood by Ctrl-C, and goes on", async () => {
    await start("flood", "sh");
    using terminal = await attach("flood");
    let bytes = 0;
    terminal.attachment.onData((chunk) => (bytes += chunk.length));
    for (let round = 1; round <= 3; round++) {
      const before = bytes;
      terminal.attachment.write("yes 0123456789abcdefghijklmnopqrstuvwxyz\r");
      await vi.waitFor(() => expect(bytes - before).toBeGreaterThan(20_000), patience);
      terminal.attachment.write(`\u0003echo round $((${round} + 10))\r`);
      await terminal.until(`round ${round + 10}`);
    }
  });

  it("shows all colours, any characters, and no sequence of the agent's that would act on this machine", async () => {
    const sequences = [
      String.raw`\033[38;2;1;22;133mcoloured\033[0m größe 🚀`,
      String.raw`\033]52;c;c2VjcmV0\007`,
      String.raw`\033]8;;file:///etc/passwd\007link\033]8;;\007`,
      String.raw`\033Ptmux;\033\033]52;c;c2VjcmV0\007\033\\`,
      "shown",
    ];
    await start("sequences", `sh -c 'read go; printf "${sequences.join("")}"; cat'`);
    using terminal = await attach("sequences");
    terminal.attachment.write("go\r");
    await terminal.until("shown");
    expect(terminal.shown()).toMatch(/38[;:]2[;:]+1[;:]22[;:]133/u);
    expect(terminal.shown()).toContain("größe 🚀");
    expect(terminal.shown()).not.toContain("c2VjcmV0");
    expect(terminal.shown()).not.toContain("/etc/passwd");
  });
});
