import { execFile } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { env } from "node:process";
import { promisify } from "node:util";
import { type KubernetesSettings, kubernetesSettings } from "../../../src/city/kubernetes-settings.ts";
import type { SessionConfig } from "../../../src/city/session-config.ts";
import { type KubernetesConnection, openConnection } from "../../../src/kubernetes/connection.ts";
import { execCommand } from "../../../src/kubernetes/exec-command.ts";
import { type ExecRequest, openExec } from "../../../src/kubernetes/exec-stream.ts";
import { silentLog } from "../../../src/lib/log.ts";
import { openKubernetesSessions } from "../../../src/sessions/kubernetes/kubernetes-session-provider.ts";
import type { SessionProvider } from "../../../src/sessions/session-provider.ts";
import { podManifest } from "../../../src/sessions/kubernetes/pod-manifest.ts";
import { leaseCluster } from "../../cluster/cluster.ts";
import { type TestNamespace, createNamespace } from "../../cluster/namespace.ts";
import { waitFor } from "../../cluster/wait-for.ts";
import { type Times, measure, measureInTurn, timeOf } from "../measure.ts";
import { measureAttach } from "./attach.ts";

const run = promisify(execFile);
/** How many sessions are started at once, and how many are looked at. */
const many = 20;
const most = 50;
const echo = "an echo over an open exec stream";

await using cluster = await leaseCluster((step) => console.error(`cluster: ${step}`));
env["KUBECONFIG"] = env["GASCITY_TEST_KUBECONFIG"] = cluster.kubeconfig;
env["GASCITY_TEST_IMAGE"] = cluster.image;
await using namespace = await createNamespace();
const settings = settingsFor(namespace.image);
const provider = openKubernetesSessions({ settings, log: silentLog });
const watch = provider.watch(() => undefined);
try {
  await provider.start("bench", config("cat"), soon());
  const kubectl = await measureKubectl();
  if (!kubectl) console.log("Install kubectl to compare with it");
  await measureOperations(provider, kubectl);
  await provider.stop("bench", soon());
  if (cluster.newTmuxImage) await measureNewTmux(kubectl);
  else console.log("Set GASCITY_TEST_NEW_TMUX_IMAGE to measure with tmux 3.8 or newer, too");
  if (kubectl) await measureTerminals();
  await measureStarts(namespace);
} finally {
  watch.dispose();
  provider.dispose();
}

function settingsFor(image: string): KubernetesSettings {
  return kubernetesSettings({ namespace: namespace.name, image, cpu_request: "10m", mem_request: "16Mi" }, {});
}

/** The operations where the command channel is in control mode. */
async function measureNewTmux(kubectl: Times | undefined): Promise<void> {
  const newer = openKubernetesSessions({ settings: settingsFor(cluster.newTmuxImage), log: silentLog });
  const subscription = newer.watch(() => undefined);
  try {
    await newer.start("bench", config("cat"), soon());
    await measureOperations(newer, kubectl);
    await newer.stop("bench", soon());
  } finally {
    subscription.dispose();
    newer.dispose();
  }
}

async function measureOperations(sessions: SessionProvider, kubectl: Times | undefined): Promise<void> {
  const connection = openConnection();
  const target = { namespace: namespace.name, pod: "bench", container: "agent" };
  const version = await execCommand(connection, target, ["tmux", "-V"]);
  const operations = {
    [echo]: await openEcho(connection, target),
    peek: () => sessions.peek("bench", 50),
    isAttached: () => sessions.isAttached("bench"),
    lastActivity: () => sessions.lastActivity("bench"),
    setMeta: () => sessions.setMeta("bench", "STATE", "value"),
    getMeta: () => sessions.getMeta("bench", "STATE"),
    sendKeys: () => sessions.sendKeys("bench", ["x"]),
    clearScrollback: () => sessions.clearScrollback("bench"),
    processAlive: () => sessions.processAlive("bench", ["cat"]),
    list: () => sessions.list(),
  };
  const times = await measureInTurn(400, operations);
  connection.dispose();
  console.log(
    `\n${version.stdout.trim().padEnd(36)}${["p50", "p95", "of an echo", "of kubectl"].map((head) => head.padStart(15)).join("")}`,
  );
  if (kubectl) row("kubectl exec POD -- true", kubectl, times[echo], kubectl);
  for (const [name, each] of Object.entries(times)) row(name, each, times[echo], kubectl);
}

async function measureTerminals(): Promise<void> {
  const shells = ["shell", "other-shell"] as const;
  await Promise.all(shells.map((session) => provider.start(session, config("sh"), soon())));
  await measureAttach(provider, shells, namespace.name);
  await Promise.all(shells.map((session) => provider.stop(session, soon())));
}

type Pod = Pick<ExecRequest, "namespace" | "pod" | "container">;

/** A stream to `cat` in the pod; each call sends a line and waits until it is back. */
async function openEcho(connection: KubernetesConnection, target: Pod): Promise<() => Promise<void>> {
  const stream = await openExec(connection, { ...target, command: ["cat"], stdin: true, tty: false }, soon());
  let heard: (() => void) | undefined;
  stream.onStdout(() => heard?.());
  return () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    heard = resolve;
    void stream.write("echo\n");
    return promise;
  };
}

async function measureKubectl(): Promise<Times | undefined> {
  const exec = () => run("kubectl", ["exec", "-n", namespace.name, "bench", "-c", "agent", "--", "true"]);
  try {
    return await measure(20, () => undefined, exec);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** All at once: through the provider, and as bare pods until their tmux is up. */
async function measureStarts({ core, name }: TestNamespace): Promise<void> {
  const names = Array.from({ length: many }, (_, index) => `s-${index}`);
  const bare = await timeOf(async () => {
    const pods = names.map((session) => podManifest(`bare-${session}`, config("cat"), settings, "none").pod);
    await Promise.all(pods.map((body) => core.createNamespacedPod({ namespace: name, body })));
    await waitFor(
      "Bare pods",
      async () => {
        const { items } = await core.listNamespacedPod({ namespace: name });
        return items.filter(({ status }) => status?.conditions?.some(isReady)).length === many;
      },
      120_000,
    );
  });
  await core.deleteCollectionNamespacedPod({ namespace: name, gracePeriodSeconds: 0 });
  await waitFor(
    "The end of bare pods",
    async () => (await core.listNamespacedPod({ namespace: name })).items.length === 0,
    120_000,
  );
  const ours = await timeOf(() => Promise.all(names.map((session) => provider.start(session, config("cat"), soon()))));
  console.log(`\n${many} bare pods until they are ready    ${seconds(bare)}`);
  console.log(`${many} sessions until their agents are up ${seconds(ours)}  ${(ours / bare).toFixed(2)} of bare pods`);
  await measureLook(names);
}

/** At all sessions: which ones run, whether their programs are alive, a note on each and when it was last active. */
async function measureLook(started: readonly string[]): Promise<void> {
  const names = Array.from({ length: most }, (_, index) => `s-${index}`);
  const others = names.slice(started.length);
  for (let first = 0; first < others.length; first += many) {
    const some = others.slice(first, first + many);
    await Promise.all(some.map((session) => provider.start(session, config("cat"), soon())));
  }
  await Promise.all(names.map((session) => provider.setMeta(session, "GC_STATE", "value")));
  const look = async (): Promise<void> => {
    const listed = await provider.list();
    const running = listed.filter(({ state }) => state === "running");
    if (running.length !== most) throw new Error(`${running.length} of ${most} sessions run`);
    const parts = running.map(({ name }) =>
      Promise.all([provider.processAlive(name, ["cat"]), provider.inspect(name)]),
    );
    for (const [alive, { notes, lastActivity }] of await Promise.all(parts)) {
      if (!alive || notes.get("GC_STATE") !== "value" || lastActivity === 0) throw new Error("not all was seen");
    }
  };
  const requests = new Set<unknown>();
  for (const channel of ["undici:request:create", "http.client.request.start"]) {
    subscribe(channel, (message) => requests.add(message));
  }
  const times = await measure(20, () => undefined, look);
  console.log(
    `one look at ${most} sessions               ${times.median.toFixed(1)} ms, p95 ${times.p95.toFixed(1)} ms, ` +
      `${requests.size} API requests in all looks`,
  );
  const stopped = await timeOf(() => Promise.all(names.map((session) => provider.stop(session, soon()))));
  console.log(`${most} sessions stopped                   ${seconds(stopped)}`);
}

function isReady({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === "Ready" && status === "True";
}

function config(command: string): SessionConfig {
  const none = { workDir: "", env: {}, processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
  return { ...none, command };
}

/** Of an echo and of kubectl: the ratio of the medians, and that of the 95th percentiles. */
function row(name: string, times: Times, ofEcho: Times, kubectl: Times | undefined): void {
  const cells = [
    `${times.median.toFixed(2)} ms`,
    `${times.p95.toFixed(2)} ms`,
    `${(times.median / ofEcho.median).toFixed(2)} ${(times.p95 / ofEcho.p95).toFixed(2)}`,
    kubectl ? `1/${Math.round(kubectl.median / times.median)} 1/${Math.round(kubectl.p95 / times.p95)}` : "",
  ];
  console.log(`${name.padEnd(36)}${cells.map((cell) => cell.padStart(15)).join("")}`);
}

function seconds(time: number): string {
  return `${(time / 1000).toFixed(1)} s`.padStart(7);
}

function soon(): AbortSignal {
  return AbortSignal.timeout(120_000);
}
