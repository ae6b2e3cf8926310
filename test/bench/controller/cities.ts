import { spawn } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cpuUsage, env, kill } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { kubernetesSettings } from "../../../src/city/kubernetes-settings.ts";
import { silentLog } from "../../../src/lib/log.ts";
import { openCityRuntime } from "../../../src/runtime/open-city-runtime.ts";
import type { CityRuntime } from "../../../src/runtime/city-runtime.ts";
import { podManifest } from "../../../src/sessions/kubernetes/pod-manifest.ts";
import { cityText } from "../../cluster/city-text.ts";
import { type TestNamespace, createNamespace } from "../../cluster/namespace.ts";
import { waitFor } from "../../cluster/wait-for.ts";

const few = 8;
const many = 100;
const deaths = 30;
const patience = 300_000;

/** How long cities on the cluster take to run and to bring back what dies, and what they cost when nothing happens. */
export async function measureCities(): Promise<void> {
  console.log("\nCities on the cluster");
  await using namespace = await createNamespace();
  const bare = await barePods(namespace);
  line(`${few} bare pods until they are ready`, bare);
  const ours = await withCity(namespace, few, async (runtime, start) => {
    const time = await timed(start);
    await measureDeaths(namespace, runtime);
    return time;
  });
  line(`our city of ${few} until all run`, ours, bare);
  const gc = env["GASCITY_GC"];
  if (gc) line(`gc's city of ${few} until all run`, await gcCity(namespace, gc), ours);
  else console.log("Set GASCITY_GC to Gas City's own program gc to compare with it");
  await withCity(namespace, many, measureIdle);
}

/** A city of `count` sessions that always run, in a folder and, one after the other, in the namespace. */
async function withCity<T>(
  namespace: TestNamespace,
  count: number,
  use: (runtime: CityRuntime, start: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const root = await cityFolder(namespace, count);
  const runtime = openCityRuntime({ root, env, log: silentLog, kind: "headless" });
  const allRun = (): boolean => runtime.state.agents.filter(({ phase }) => phase === "running").length === count;
  try {
    return await use(runtime, async () => {
      await runtime.startCity();
      await untilState(runtime, allRun);
    });
  } finally {
    await runtime.stopCity();
    await runtime[Symbol.asyncDispose]();
    await rm(root, { recursive: true, force: true });
  }
}

async function cityFolder(namespace: TestNamespace, count: number): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "gascity-bench-"));
  const toml = cityText(
    "bench",
    namespace,
    `[beads]
provider = "file"
[daemon]
patrol_interval = "${count === few ? "1s" : "30s"}"
max_wakes_per_tick = 100
shutdown_timeout = "0s"
[[agent]]
name = "worker"
start_command = "cat"
min_active_sessions = ${count}
max_active_sessions = ${count}
`,
  );
  await writeFile(join(root, "city.toml"), toml);
  await writeFile(join(root, "pack.toml"), '[pack]\nname = "bench"\nschema = 2\n');
  await mkdir(join(root, ".gc"));
  await writeFile(join(root, ".gc/settings.json"), "{}\n");
  return root;
}

/** From the moment at which a pod's end is known to the API's watchers until another pod of its name is made. */
async function measureDeaths({ core, name: namespace }: TestNamespace, runtime: CityRuntime): Promise<void> {
  const times: number[] = [];
  for (let index = 0; index < deaths; index++) {
    const [victim] = runtime.state.agents;
    const name = victim?.session ?? "";
    const { metadata } = await core.readNamespacedPod({ namespace, name });
    const gone = untilState(runtime, ({ agents }) => agents[0]?.phase !== "running").then(() => performance.now());
    await core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 });
    const seen = await gone;
    await untilAnother(core, namespace, name, metadata?.uid);
    times.push(performance.now() - seen);
    // Forgets the deaths, or the next one would be answered later on purpose.
    await untilState(runtime, ({ agents }) => agents.every(({ phase }) => phase === "running"));
    await runtime.startAgent(name);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => `${(times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(0)} ms`;
  console.log(`a pod's death until another is made: p50 ${at(0.5)}, p95 ${at(0.95)} (at most 300)`);
}

/** Asks all the time: a watch would tell no sooner. */
async function untilAnother(core: TestNamespace["core"], namespace: string, name: string, uid?: string): Promise<void> {
  for (;;) {
    const pod = await core.readNamespacedPod({ namespace, name }).catch(() => undefined);
    if (pod && pod.metadata?.uid !== uid) return;
  }
}

/** What a city costs in which nothing happens, for half a minute. */
async function measureIdle(_: CityRuntime, start: () => Promise<void>): Promise<void> {
  line(`our city of ${many} until all run`, await timed(start));
  let requests = 0;
  for (const channel of ["undici:request:create", "http.client.request.start"]) subscribe(channel, () => requests++);
  await delay(5000);
  requests = 0;
  const before = cpuUsage();
  const period = 30_000;
  await delay(period);
  const { user, system } = cpuUsage(before);
  const share = ((user + system) / 1000 / period) * 100;
  console.log(
    `${many} idle sessions: ${share.toFixed(2)}% of a core (at most 1), ${requests} API requests in ${period / 1000} s`,
  );
}

/** Made at once, until they are ready. */
async function barePods({ core, name: namespace, image }: TestNamespace): Promise<number> {
  const place = { namespace, image, cpu_request: "10m", mem_request: "16Mi" };
  const settings = kubernetesSettings(place, {});
  const none = { workDir: "", env: {}, processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
  const pods = Array.from(
    { length: few },
    (_, index) => podManifest(`bare-${index}`, { ...none, command: "cat" }, settings, "none").pod,
  );
  const time = await timed(async () => {
    await Promise.all(pods.map((body) => core.createNamespacedPod({ namespace, body })));
    await waitFor(
      "Bare pods",
      async () => {
        const { items } = await core.listNamespacedPod({ namespace });
        const ready = items.filter(({ status }) =>
          status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
        );
        return ready.length === few;
      },
      patience,
    );
  });
  await emptyNamespace({ core, name: namespace });
  return time;
}

/** The same city under gc's own controller, until all its pods run. */
async function gcCity(namespace: TestNamespace, gc: string): Promise<number> {
  const { core, name } = namespace;
  const root = await cityFolder(namespace, few);
  const variables = {
    PATH: `${dirname(gc)}:${env["PATH"]}`,
    HOME: join(root, ".home"),
    KUBECONFIG: namespace.kubeconfig,
    GC_SESSION: "k8s",
    GC_K8S_NAMESPACE: name,
    GC_K8S_IMAGE: namespace.image,
    GC_K8S_CPU_REQUEST: "10m",
    GC_K8S_MEM_REQUEST: "16Mi",
  };
  await mkdir(variables.HOME);
  // [session.k8s] is nothing that gc reads, and strict gc refuses some of it.
  const options = { cwd: root, env: variables, stdio: "ignore", detached: true } as const;
  try {
    return await timed(async () => {
      const child = spawn(gc, ["start", "--foreground", "--no-strict", root], options);
      await waitFor(
        "gc's pods",
        async () => {
          const { items } = await core.listNamespacedPod({ namespace: name, labelSelector: "app=gc-agent" });
          return items.filter(({ status }) => status?.phase === "Running").length === few;
        },
        patience,
      );
      if (child.pid !== undefined) kill(-child.pid, "SIGKILL");
    });
  } finally {
    await emptyNamespace(namespace);
    await rm(root, { recursive: true, force: true });
  }
}

async function emptyNamespace({ core, name: namespace }: Pick<TestNamespace, "core" | "name">): Promise<void> {
  await core.deleteCollectionNamespacedPod({ namespace, gracePeriodSeconds: 0 });
  const isEmpty = async () => (await core.listNamespacedPod({ namespace })).items.length === 0;
  await waitFor("The end of all pods", isEmpty, patience);
}

async function untilState(runtime: CityRuntime, condition: (state: CityRuntime["state"]) => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const check = (state: CityRuntime["state"]): void => {
    if (condition(state)) resolve();
  };
  const watch = runtime.onDidChange(check);
  check(runtime.state);
  await promise.finally(() => watch.dispose());
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function line(what: string, time: number, other?: number): void {
  const ratio = other === undefined ? "" : `  ${(time / other).toFixed(2)} of the one before`;
  console.log(`${what.padEnd(48)}${`${(time / 1000).toFixed(1)} s`.padStart(8)}${ratio}`);
}
