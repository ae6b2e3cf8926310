import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { podNames, runInPod } from "../../../test/cluster/in-pod.ts";
import { type TestNamespace, createNamespace } from "../../../test/cluster/namespace.ts";
import { answersOfFakeAgent, fakeAgent } from "../../../test/fake-agent.ts";
import { kubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { silentLog } from "../../lib/log.ts";
import { shellQuote } from "../../lib/shell-quote.ts";
import type { SessionProvider } from "../session-provider.ts";
import { openKubernetesSessions } from "./kubernetes-session-provider.ts";

let namespace: TestNamespace;
let provider: SessionProvider;
const warnings: string[] = [];
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  provider = open(namespace.image);
});
afterAll(async () => {
  provider.dispose();
  await namespace[Symbol.asyncDispose]();
});

function open(image: string): SessionProvider {
  const table = { namespace: namespace.name, image, cpu_request: "10m", mem_request: "16Mi" };
  const log = { ...silentLog, warn: (message: string) => warnings.push(message) };
  return openKubernetesSessions({ settings: kubernetesSettings(table, {}), log });
}

const agent = `sh -c ${shellQuote(fakeAgent)} sh`;

function start(name: string, change: Partial<SessionConfig>): Promise<void> {
  const none = { workDir: "", env: {}, processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
  const hints = { readyPromptPrefix: "❯ ", emitsPermissionWarning: true };
  return provider.start(name, { command: agent, ...none, ...hints, ...change }, AbortSignal.timeout(60_000));
}

const inPod = (pod: string, command: string): Promise<string> => runInPod(namespace, pod, command);

describe.concurrent("an agent in a pod", () => {
  it.each<[string, Partial<SessionConfig>, string[]]>([
    ["argument", { promptSuffix: "'it is you'" }, ["argument it is you"]],
    ["flag", { promptSuffix: "'it is you'", promptFlag: "-p" }, ["argument -p", "argument it is you"]],
  ])("gets its prompt as %s, and its dialogs are answered", async (name, change, heard) => {
    await start(name, change);
    expect((await inPod(name, "cat heard")).trimEnd().split("\n")).toEqual([...heard, ...answersOfFakeAgent]);
  });

  it("hears its prompt as a nudge once it shows its own, after its setup and before session_live", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gascity-set-up-"));
    const sessionSetupScript = join(folder, "set-up");
    writeFileSync(sessionSetupScript, '#!/usr/bin/env bash\nwords=(a b); echo "${words[1]} $GC_SESSION" >>heard\n');
    await start("nudged", {
      nudge: "begin",
      preStart: ["echo before >>heard"],
      sessionSetup: ["echo no such colour >&2; exit 3", "echo setup >>heard"],
      sessionSetupScript,
      sessionLive: ["echo no theme; exit 4", "tmux set-option -t nudged status-left Z"],
    });
    rmSync(folder, { recursive: true });
    const heard = ["before", ...answersOfFakeAgent, "setup", "b main", "heard begin"];
    await vi.waitFor(
      async () => expect((await inPod("nudged", "cat heard")).trimEnd().split("\n")).toEqual(heard),
      5000,
    );
    expect(await inPod("nudged", "tmux show-options -t main: -v status-left")).toBe("Z\n");
    expect(warnings.filter((warning) => warning.startsWith("nudged: "))).toEqual([
      'nudged: session_setup "echo no such colour >&2; exit 3" failed: no such colour',
      'nudged: session_live "echo no theme; exit 4" failed: no theme',
    ]);
  });
});

describe.concurrent("a start that fails leaves no pod and", () => {
  it.each<[string, string, Partial<SessionConfig>, string, RegExp]>([
    [
      "what pre_start said",
      "prepared",
      { preStart: ["echo one", "echo no such branch >&2; exit 128"] },
      "session-failed",
      /^pre_start 2 failed in the pod: .*no such branch$/u,
    ],
    [
      "that pre_start took too long",
      "slow",
      { preStart: ["echo cloning; sleep 1000"], startupTimeout: 3000 },
      "timed-out",
      /^Waiting for pre_start and tmux in the pod took more than 3 s.*cloning/u,
    ],
    [
      "what the kubelet said of its image",
      "unnamed",
      { pod: { image: "no:such:name" } },
      "session-failed",
      /^The image's name is not valid: .*"no:such:name"/u,
    ],
    [
      "the last words of an agent that ends at once",
      "brief",
      { command: "echo no key; exit 1" },
      "session-died",
      /ended.*no key/u,
    ],
  ])("says %s", async (_, name, change, code, reason) => {
    await expect(start(name, change)).rejects.toMatchObject({
      problem: { code, reason: expect.stringMatching(reason) as string },
    });
    expect(await podNames(namespace)).not.toContain(name);
  });

  it("says what kept its init container from running", async () => {
    const { items } = await namespace.core.listNode();
    const names = items.flatMap(({ status }) => status?.images?.flatMap((image) => image.names ?? []) ?? []);
    // The image that every node has, and that has no shell.
    const image = names.find((name) => /\bpause\b/u.test(name)) ?? "";
    const copyFiles = [{ src: "package.json", relDst: "" }];
    await expect(start("shell-less", { pod: { image }, copyFiles })).rejects.toMatchObject({
      problem: {
        code: "session-failed",
        reason: expect.stringMatching(
          /^The container that takes the city's files ended .*"sh": executable file not found/u,
        ) as string,
        action: expect.stringMatching(/image has sh/u) as string,
      },
    });
    expect(await podNames(namespace)).not.toContain("shell-less");
  });
});
