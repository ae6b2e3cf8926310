import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import { silentLog } from "../../src/lib/log.ts";
import { FileBeadStore } from "../../src/beads/file/file-bead-store.ts";
import { Ledger } from "../../src/controller/ledger.ts";
import type { SessionRecord } from "../../src/controller/reconcile/session-record.ts";
import type { TestNamespace } from "../cluster/namespace.ts";

/** How many sessions the pools of a city have at least. */
export type PoolSizes = Readonly<Record<"coder" | "reviewer", number>>;

/** A folder with a city that shall run on the cluster, and work of which no controller may lose any. Disposing it removes the folder. */
export class SoakCity implements AsyncDisposable {
  readonly root: string;
  readonly #namespace: TestNamespace;
  #sizes: PoolSizes;

  private constructor(root: string, namespace: TestNamespace, sizes: PoolSizes) {
    this.root = root;
    this.#namespace = namespace;
    this.#sizes = sizes;
  }

  static async make(namespace: TestNamespace, sizes: PoolSizes): Promise<SoakCity> {
    const city = new SoakCity(await mkdtemp(join(tmpdir(), "gascity-soak-")), namespace, sizes);
    await city.resize(sizes);
    await mkdir(join(city.root, ".gc", "gascity"), { recursive: true });
    await writeFile(join(city.root, ".gc", "gascity", "wish.json"), `{"wish":"running"}`);
    const store = new FileBeadStore(join(city.root, ".gc", "beads.json"), silentLog);
    await store.apply(seeds.map((bead) => ({ kind: "create", bead })));
    store.dispose();
    return city;
  }

  get sizes(): PoolSizes {
    return this.#sizes;
  }

  /** The same city in a folder of its own, as on another machine. */
  async copy(): Promise<SoakCity> {
    const root = await mkdtemp(join(tmpdir(), "gascity-soak-"));
    await cp(this.root, root, { recursive: true });
    return new SoakCity(root, this.#namespace, this.#sizes);
  }

  async resize(sizes: PoolSizes): Promise<void> {
    this.#sizes = sizes;
    const path = join(this.root, "city.toml");
    await writeFile(`${path}.new`, cityToml(this.#namespace, sizes));
    await rename(`${path}.new`, path);
  }

  async pods(): Promise<readonly V1Pod[]> {
    return (await this.#namespace.core.listNamespacedPod({ namespace: this.#namespace.name })).items;
  }

  /** Open records, as a controller reads them. */
  async records(): Promise<readonly SessionRecord[]> {
    const store = new FileBeadStore(join(this.root, ".gc", "beads.json"), silentLog);
    const { promise, resolve } = Promise.withResolvers<void>();
    const ledger = new Ledger(store);
    const changes = ledger.onDidChange(() => ledger.synced && resolve());
    if (ledger.synced) resolve();
    await promise;
    const { records } = ledger;
    changes.dispose();
    ledger.dispose();
    store.dispose();
    return records;
  }

  /** What is wrong with the pods alone, in words: each copy of a city has its own records. */
  async podFaults(): Promise<readonly string[]> {
    return podFaults(await this.pods(), this.#sizes);
  }

  /** What is not as it shall be at rest, in words; empty when all is well. */
  async faults(): Promise<readonly string[]> {
    const [pods, records] = [await this.pods(), await this.records()];
    return [...podFaults(pods, this.#sizes), ...recordFaults(pods, records), ...(await this.#workFaults())];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  async #workFaults(): Promise<readonly string[]> {
    const { beads } = JSON.parse(await readFile(join(this.root, ".gc", "beads.json"), "utf8")) as {
      beads: { title: string; status: string; assignee?: string }[];
    };
    return seeds.flatMap(({ title, assignee }) => {
      const found = beads.filter((bead) => bead.title === title);
      const kept = found.every((bead) => bead.status === "open" && (bead.assignee ?? "") === assignee);
      return found.length === 1 && kept ? [] : [`the work "${title}" is not as it was: ${JSON.stringify(found)}`];
    });
  }
}

/** Which pods of the city there are twice; also while anything is under way there must be none. */
export function doubledPods(pods: readonly V1Pod[]): readonly string[] {
  return repeated(pods.filter(isThere).map(aliasOf)).map((alias) => `${alias} has two pods`);
}

function podFaults(pods: readonly V1Pod[], sizes: PoolSizes): readonly string[] {
  const wrong = Object.entries(sizes).flatMap(([pool, size]) => {
    const count = pods.filter((pod) => aliasOf(pod).startsWith(`${pool}-`)).length;
    return count === size ? [] : [`${pool} has ${count} pods instead of ${size}`];
  });
  const idle = pods.filter((pod) => pod.status?.phase !== "Running" || !isThere(pod));
  return [...wrong, ...idle.map((pod) => `${pod.metadata?.name} does not run`), ...doubledPods(pods)];
}

function recordFaults(pods: readonly V1Pod[], records: readonly SessionRecord[]): readonly string[] {
  const names = new Set(pods.map((pod) => pod.metadata?.name));
  const orphans = [...names].filter((name) => !records.some(({ session }) => session === name));
  const lost = records.filter(({ state, session }) => state === "active" && !names.has(session));
  const asleep = records.filter(({ state, session }) => state !== "active" && names.has(session));
  return [
    ...orphans.map((name) => `${name} has no record`),
    ...lost.map(({ session }) => `${session} is recorded to run and has no pod`),
    ...asleep.map(({ session, state }) => `${session} runs and is recorded as ${state}`),
    ...repeated(records.map(({ session }) => session)).map((session) => `${session} has two records`),
    ...repeated(records.map(({ alias }) => alias)).map((alias) => `${alias} has two records`),
  ];
}

/** Whether it counts: one that is being deleted makes room for the next. */
function isThere({ metadata, status }: V1Pod): boolean {
  return metadata?.deletionTimestamp === undefined && status?.phase !== "Succeeded" && status?.phase !== "Failed";
}

function aliasOf({ metadata }: V1Pod): string {
  return metadata?.labels?.["gc-agent"] ?? "";
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** Work for nobody, and work that a person has taken. */
const seeds = Array.from({ length: 12 }, (_, index) => ({
  title: `seeded work ${index}`,
  type: "task",
  assignee: index % 2 === 0 ? "" : "a-person",
}));

function cityToml({ name, image }: TestNamespace, sizes: PoolSizes): string {
  const pools = Object.entries(sizes).map(
    ([pool, size]) => `
[[agent]]
name = "${pool}"
start_command = "cat"
min_active_sessions = ${size}
max_active_sessions = 40
`,
  );
  return `[workspace]
name = "soak"
[beads]
provider = "file"
[daemon]
patrol_interval = "5s"
[session]
provider = "k8s"
[session.k8s]
namespace = "${name}"
image = "${image}"
cpu_request = "10m"
mem_request = "16Mi"
prebaked = true
${pools.join("")}`;
}
