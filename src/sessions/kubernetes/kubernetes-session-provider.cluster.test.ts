import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { podNames, runInPod } from "../../../test/cluster/in-pod.ts";
import { type TestNamespace, createNamespace } from "../../../test/cluster/namespace.ts";
import { type KubernetesSettings, kubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { silentLog } from "../../lib/log.ts";
import type {
  Attachment,
  AttachmentEnd,
  SessionProvider,
  SessionSnapshot,
  SessionStatus,
} from "../session-provider.ts";
import { openKubernetesSessions } from "./kubernetes-session-provider.ts";

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
});
afterAll(async () => namespace[Symbol.asyncDispose]());

const soon = (): AbortSignal => AbortSignal.timeout(45_000);

function config(command: string): SessionConfig {
  return {
    workDir: "",
    command,
    env: { GC_ALIAS: "coder" },
    processNames: [],
    nudge: "",
    preStart: [],
    overlayDir: "",
    copyFiles: [],
  };
}

function settingsOf(image: string): KubernetesSettings {
  return kubernetesSettings({ namespace: namespace.name, image, cpu_request: "10m", mem_request: "16Mi" }, {});
}

/** A provider on the test's namespace, with what it has told. */
function open(image = namespace.image) {
  const settings = settingsOf(image);
  const provider: SessionProvider = openKubernetesSessions({ settings, log: silentLog });
  let snapshot: SessionSnapshot | undefined;
  provider.watch((told) => {
    snapshot = told;
  });
  return {
    provider,
    status: (name: string): SessionStatus | undefined => snapshot?.sessions.get(name),
    synced: (): boolean => snapshot?.synced ?? false,
    [Symbol.dispose]: () => provider.dispose(),
  };
}

/** An attachment with what it has shown so far. */
function watchAttachment(attachment: Attachment) {
  let shown = "";
  let end: AttachmentEnd | undefined;
  attachment.onData((chunk) => (shown += Buffer.from(chunk).toString("utf8")));
  attachment.onEnd((told) => (end = told));
  return { shown: () => shown, end: () => end };
}

/** Another process with a provider of its own, which reads all of a session's screen again and again, and says so. */
function spawnController(name: string): ChildProcessByStdio<null, Readable, null> {
  const source = `
    const [module, settings, name] = process.argv.slice(1);
    const { openKubernetesSessions } = await import(module);
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const provider = openKubernetesSessions({ settings: JSON.parse(settings), log });
    const peek = () => provider.peek(name, 0).then(() => console.log("read")).then(peek);
    provider.watch(({ sessions }) => sessions.get(name)?.state === "running" && setTimeout(peek, 500));
  `;
  const module = new URL("kubernetes-session-provider.ts", import.meta.url).href;
  const argv = ["--input-type=module", "--eval", source, module, JSON.stringify(settingsOf(namespace.image)), name];
  return spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
}

const inPod = (pod: string, command: string): Promise<string> => runInPod(namespace, pod, command);

describe("a session in a pod", () => {
  it("starts, is typed into, peeked at and interrupted, and stops without leaving a pod", async () => {
    using sessions = open();
    const { provider } = sessions;
    await provider.start(
      "talk",
      config('sh -c \'trap "echo caught" INT; while read line; do echo "heard $line"; done; sleep 100\''),
      soon(),
    );
    expect(sessions.status("talk")).toMatchObject({ state: "running" });
    expect(await provider.list()).toEqual([expect.objectContaining({ name: "talk", state: "running" })]);

    await provider.nudge("talk", "größe -l; 'x'");
    await vi.waitFor(async () => expect(await provider.peek("talk", 50)).toContain("heard größe -l; 'x'"), 5000);
    await provider.interrupt("talk");
    await vi.waitFor(async () => expect(await provider.peek("talk", 0)).toContain("caught"), 5000);

    await expect(provider.start("talk", config("cat"), soon())).rejects.toMatchObject({
      problem: { code: "session-exists" },
    });
    await provider.stop("talk", soon());
    expect(await podNames(namespace)).toEqual([]);
    await provider.stop("talk", soon());
    await expect(provider.peek("talk", 0)).rejects.toMatchObject({ problem: { code: "session-missing" } });
  });

  it("attaches with the right size from the first byte, resizes, takes input, and lives on when detached", async () => {
    using sessions = open();
    const { provider } = sessions;
    await provider.start("term", config("sh"), soon());
    const target = await provider.attach("term");
    if (target.kind !== "stream") throw new Error("a pod's terminal is a stream");
    const attachment = await target.open({ columns: 97, rows: 31 }, soon());
    const terminal = watchAttachment(attachment);
    attachment.write("echo size $(stty size) ü\r");
    // tmux keeps one row for its status line.
    await vi.waitFor(() => expect(terminal.shown()).toContain("size 30 97 ü"), 5000);
    attachment.resize({ columns: 60, rows: 20 });
    await vi.waitFor(async () => {
      attachment.write("stty size\r");
      await vi.waitFor(() => expect(terminal.shown()).toContain("19 60"), 500);
    }, 5000);
    attachment.dispose();
    expect(await provider.peek("term", 0)).toContain("size 30 97");
    await vi.waitFor(async () => expect(await inPod("term", "tmux list-clients -t =main | wc -l")).toBe("0\n"), 5000);

    const second = await target.open({ columns: 80, rows: 24 }, soon());
    const ended = watchAttachment(second);
    second.write("exit\r");
    await vi.waitFor(() => expect(ended.end()).toMatchObject({ kind: "exited" }), 10_000);
    await vi.waitFor(() => expect(sessions.status("term")).toMatchObject({ state: "exited" }), 5000);
    await provider.stop("term", soon());
  });

  it("finds the city's files in its pod, but nothing secret, and who it is in its tmux", async () => {
    using sessions = open();
    const city = mkdtempSync(join(tmpdir(), "gascity-city-"));
    const files = ["city.toml", ".git/HEAD", ".gc/runtime", "kit/tool", "over/rig/x"];
    files.push(".env", "credentials.json", "credentials.yml", "api.secret", "ca.pem", "kit/deploy.key");
    files.push("rigs/a/.git/HEAD", "rigs/a/code", "rigs/a/.env", "rigs/b/code");
    for (const file of files) {
      mkdirSync(dirname(join(city, file)), { recursive: true });
      writeFileSync(join(city, file), file);
    }
    const settings = { "rigs/a": '{"mine":1}', "over/per-provider/claude": '{"theirs":2}' };
    for (const [folder, text] of Object.entries(settings)) {
      mkdirSync(join(city, folder, ".claude"), { recursive: true });
      writeFileSync(join(city, folder, ".claude/settings.json"), text);
    }
    await sessions.provider.start(
      "staged",
      {
        ...config("cat"),
        workDir: join(city, "rigs/a"),
        env: { GC_CITY: city, GC_SESSION_ID: "gc-7", GC_INSTANCE_TOKEN: "a b" },
        preStart: ["cat code > /workspace/before"],
        overlayDir: join(city, "over"),
        providerName: "claude",
        copyFiles: [{ src: join(city, "kit/tool"), relDst: ".gc/kit/tool" }],
      },
      soon(),
    );
    rmSync(city, { recursive: true });
    expect((await inPod("staged", "cd /workspace && find . -type f | sort")).trim().split("\n")).toEqual([
      "./.gc-ready",
      "./.gc-workspace-ready",
      "./.gc/kit/tool",
      "./before",
      "./city.toml",
      "./kit/tool",
      "./over/per-provider/claude/.claude/settings.json",
      "./over/rig/x",
      "./rigs/a/.claude/settings.json",
      "./rigs/a/.git/HEAD",
      "./rigs/a/code",
      "./rigs/a/rig/x",
      "./rigs/b/code",
    ]);
    expect(await inPod("staged", "tmux display-message -p -t main '#{pane_current_path}'")).toBe("/workspace/rigs/a\n");
    const merged = await inPod("staged", "cat /workspace/rigs/a/.claude/settings.json");
    expect(JSON.parse(merged)).toEqual({ mine: 1, theirs: 2 });
    expect(await inPod("staged", "cat /workspace/before")).toBe("rigs/a/code");
    expect(await inPod("staged", "tmux show-environment -t main | grep GC_")).toBe(
      "GC_INSTANCE_TOKEN=a b\nGC_SESSION_ID=gc-7\n",
    );
  });

  it("is seen by whoever comes later, who leaves nothing in its pod when going", async () => {
    using first = open();
    await first.provider.start("adopted", config("cat"), soon());
    const waiting = (): Promise<string> => inPod("adopted", "pgrep -fc '^tmux .*wait-for'; true");
    const second = open();
    await vi.waitFor(() => expect(second.status("adopted")?.state).toBe("running"), 2000);
    await vi.waitFor(async () => expect(await waiting()).toBe("2\n"), 5000);
    second.provider.dispose();
    await vi.waitFor(async () => expect(await waiting()).toBe("1\n"), 5000);
    expect(first.status("adopted")?.state).toBe("running");
  });

  it("keeps nothing of a controller that is killed while it reads", async () => {
    using first = open();
    const lines = `yes ${"0123456789abcdef".repeat(5)} | head -n 3000`;
    await first.provider.start("read", config(`sh -c '${lines}; cat'`), soon());
    first.provider.dispose();
    const watchers = "grep -lsaE 'gascity-[0-9A-Za-z_-]{8}' /proc/[0-9]*/cmdline";
    const left = (): Promise<string> => inPod("read", `${watchers}; tmux show-hooks -g session-closed`);
    await vi.waitFor(async () => expect(await left()).toBe("session-closed\n"), 5000);
    const controller = spawnController("read");
    try {
      await once(controller.stdout, "data");
      expect(await left()).toContain("wait-for -S gascity-");
    } finally {
      controller.kill("SIGKILL");
    }
    await vi.waitFor(async () => expect(await left()).toBe("session-closed\n"), 5000);
  });

  it("is not reached through what was meant for its forerunner of the same name", async () => {
    using sessions = open();
    const { provider } = sessions;
    await provider.start("again", config("cat"), soon());
    const target = await provider.attach("again");
    if (target.kind !== "stream") throw new Error("a pod's terminal is a stream");
    await provider.stop("again", soon());
    await provider.start("again", config("cat"), soon());
    await expect(target.open({ columns: 80, rows: 24 }, soon())).rejects.toMatchObject({
      problem: { code: "session-missing" },
    });
    await provider.nudge("again", "hello");
    await vi.waitFor(async () => expect(await provider.peek("again", 0)).toContain("hello"), 5000);
    expect(await inPod("again", "tmux list-clients -t =main | wc -l")).toBe("0\n");
  });

  it("is seen to be gone within a second when somebody deletes its pod", async () => {
    using sessions = open();
    await sessions.provider.start("victim", config("cat"), soon());
    await namespace.core.deleteNamespacedPod({ namespace: namespace.name, name: "victim", gracePeriodSeconds: 0 });
    await vi.waitFor(() => expect(sessions.status("victim")?.state).not.toBe("running"), 1000);
  });

  it("does not start one that ends at once, says its last words and leaves no pod", async () => {
    using sessions = open();
    await expect(sessions.provider.start("brief", config("false"), soon())).rejects.toMatchObject({
      problem: { code: "session-died" },
    });
    expect(await podNames(namespace)).not.toContain("brief");
  });

  it("is started once when two start it at the same time", async () => {
    using first = open();
    using second = open();
    const results = await Promise.allSettled([
      first.provider.start("twin", config("cat"), soon()),
      second.provider.start("twin", config("cat"), soon()),
    ]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect((await podNames(namespace)).filter((name) => name === "twin")).toHaveLength(1);
    await first.provider.stop("twin", soon());
  });
});

describe("a session that cannot start", () => {
  it("shows what is wrong with its image, and a cancelled start leaves no pod", async () => {
    using sessions = open("127.0.0.1:9/nothing/here:1");
    const abort = new AbortController();
    const start = sessions.provider.start("lost", config("cat"), abort.signal);
    start.catch(() => {});
    await vi.waitFor(() => expect(sessions.status("lost")).toMatchObject({ state: "failed" }), 20_000);
    expect(sessions.status("lost")?.reason).toMatch(/image/iu);
    expect(sessions.status("lost")?.action).not.toBe("");
    abort.abort(new Error("not any more"));
    await expect(start).rejects.toThrow("not any more");
    expect(await podNames(namespace)).not.toContain("lost");
  });

  it("leaves no pod when its provider goes in the middle of a start", async () => {
    const sessions = open();
    const start = sessions.provider.start("cut", config("cat"), soon());
    start.catch(() => {});
    await vi.waitFor(async () => expect(await podNames(namespace)).toContain("cut"), 5000);
    sessions.provider.dispose();
    await expect(start).rejects.toThrow(/cancelled/u);
    expect(await podNames(namespace)).not.toContain("cut");
  });

  it("says that the namespace does not exist", async () => {
    const settings = kubernetesSettings({ namespace: "no-such-namespace", image: namespace.image }, {});
    using provider = Object.assign(openKubernetesSessions({ settings, log: silentLog }), {
      [Symbol.dispose](this: SessionProvider) {
        this.dispose();
      },
    });
    await expect(provider.start("a", config("cat"), soon())).rejects.toMatchObject({
      problem: { code: "namespace-missing" },
    });
  });
});
