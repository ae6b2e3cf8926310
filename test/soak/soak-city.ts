import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import { silentLog } from "../../src/lib/log.ts";
import { FileBeadStore } from "../../src/beads/file/file-bead-store.ts";
import { type SessionRecord, sessionRecord } from "../../src/controller/reconcile/session-record.ts";
import { cityText } from "../cluster/city-text.ts";
import type { TestNamespace } from "../cluster/namespace.ts";
import { podFaults, recordFaults, repeated } from "./soak-faults.ts";

/** How many sessions the pools of a city shall have. */
export interface PoolSizes {
  /** As its scale_check counts: who is too many is asked to finish. */
  readonly coder: number;
  /** As city.toml says: another number is another configuration, and the whole pool is started anew. */
  readonly reviewer: number;
}

/** Work as it must be found again. */
interface Work {
  readonly title: string;
  readonly assignee: string;
  readonly status: "open" | "closed";
}

/** A bead in the file, as far as it is looked at. */
interface StoredBead {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly assignee?: string;
  readonly issue_type: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A folder with a city that shall run on the cluster: the named session `mayor`, which runs always, `clerk`, which
 * runs when it has work, two pools, and work of which no controller may lose any. Disposing it removes the folder, unless it is
 * to be kept.
 */
export class SoakCity implements AsyncDisposable {
  readonly root: string;
  readonly #namespace: TestNamespace;
  #sizes: PoolSizes;
  #work: readonly Work[];
  /** All beads that were ever seen. */
  readonly #seen = new Set<string>();
  #kept = false;

  private constructor(root: string, namespace: TestNamespace, sizes: PoolSizes, work: readonly Work[]) {
    this.root = root;
    this.#namespace = namespace;
    this.#sizes = sizes;
    this.#work = work;
  }

  static async make(namespace: TestNamespace, sizes: PoolSizes): Promise<SoakCity> {
    const city = new SoakCity(await mkdtemp(join(tmpdir(), "gascity-soak-")), namespace, sizes, []);
    await mkdir(join(city.root, ".gc", "gascity"), { recursive: true });
    await city.resize(sizes);
    await writeFile(join(city.root, ".gc", "gascity", "wish.json"), `{"wish":"running"}`);
    // Some for nobody, and some that a person has taken.
    for (let index = 0; index < 12; index += 1) await city.addWork(index % 2 === 0 ? "" : "a-person");
    return city;
  }

  get sizes(): PoolSizes {
    return this.#sizes;
  }

  /** Whether there is work for the clerk. */
  get clerkHasWork(): boolean {
    return this.#work.some(({ assignee, status }) => assignee === "clerk" && status === "open");
  }

  /** The same city in a folder of its own, as on another machine. */
  async copy(): Promise<SoakCity> {
    const root = await mkdtemp(join(tmpdir(), "gascity-soak-"));
    await cp(this.root, root, { recursive: true });
    return new SoakCity(root, this.#namespace, this.#sizes, this.#work);
  }

  async resize(sizes: PoolSizes): Promise<void> {
    this.#sizes = sizes;
    await this.#replace(scaleFile, String(sizes.coder));
    await this.#replace("city.toml", cityToml(this.#namespace, sizes));
  }

  /** Adds work, as a person does beside the controller. */
  async addWork(assignee: string): Promise<void> {
    const title = `work ${this.#work.length}`;
    await this.#withStore((store) => store.create({ title, type: "task", assignee }));
    this.#work = [...this.#work, { title, assignee, status: "open" }];
  }

  /** Closes all work of the clerk. */
  async closeWorkOfClerk(): Promise<void> {
    await this.#withStore(async (store) => {
      for (const { id } of await store.list({ assignee: "clerk", type: "task" })) await store.close(id);
    });
    this.#work = this.#work.map((work) => (work.assignee === "clerk" ? { ...work, status: "closed" } : work));
  }

  async pods(): Promise<readonly V1Pod[]> {
    return (await this.#namespace.core.listNamespacedPod({ namespace: this.#namespace.name })).items;
  }

  /** Open records. */
  async records(): Promise<readonly SessionRecord[]> {
    return openRecords(await this.#beads());
  }

  /** What is wrong with the pods alone, in words: each copy of a city has its own records. */
  podFaults(pods: readonly V1Pod[]): readonly string[] {
    const { coder, reviewer } = this.#sizes;
    // It stays for a while after its work is done.
    const clerk = this.clerkHasWork ? 1 : ([0, 1] as const);
    return podFaults(pods, { mayor: 1, clerk, coder, reviewer });
  }

  /** What is not as it shall be at rest with these pods, in words; empty when all is well. */
  async faults(pods: readonly V1Pod[]): Promise<readonly string[]> {
    const beads = await this.#beads();
    return [...this.podFaults(pods), ...recordFaults(pods, openRecords(beads)), ...this.#lostOf(beads)];
  }

  /** Which beads were lost, doubled or changed by others than those whose work it is. */
  async beadFaults(): Promise<readonly string[]> {
    return this.#lostOf(await this.#beads());
  }

  /** Leaves the folder for a person to look at. */
  keep(): void {
    this.#kept = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#kept) await rm(this.root, { recursive: true, force: true });
  }

  #lostOf(beads: readonly StoredBead[]): readonly string[] {
    const ids = beads.map(({ id }) => id);
    const lost = [...this.#seen].filter((id) => !ids.includes(id));
    for (const id of ids) this.#seen.add(id);
    const changed = this.#work.flatMap(({ title, assignee, status }) => {
      const found = beads.filter((bead) => bead.title === title);
      const kept = found.every((bead) => bead.status === status && (bead.assignee ?? "") === assignee);
      return found.length === 1 && kept ? [] : [`"${title}" is not as it was: ${JSON.stringify(found)}`];
    });
    return [...lost.map((id) => `${id} is lost`), ...repeated(ids).map((id) => `${id} is there twice`), ...changed];
  }

  async #beads(): Promise<readonly StoredBead[]> {
    const text = await readFile(join(this.root, ".gc", "beads.json"), "utf8");
    return (JSON.parse(text) as { readonly beads: readonly StoredBead[] }).beads;
  }

  async #withStore<T>(task: (store: FileBeadStore) => Promise<T>): Promise<T> {
    const store = new FileBeadStore(join(this.root, ".gc", "beads.json"), silentLog);
    try {
      return await task(store);
    } finally {
      store.dispose();
    }
  }

  async #replace(name: string, text: string): Promise<void> {
    const path = join(this.root, name);
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  }
}

function openRecords(beads: readonly StoredBead[]): readonly SessionRecord[] {
  return beads
    .filter(({ issue_type, status }) => issue_type === "session" && status !== "closed")
    .map(({ id, metadata = {} }) => sessionRecord({ id, metadata, createdAt: 0 }));
}

const scaleFile = ".gc/coders";

function cityToml(place: TestNamespace, { reviewer }: PoolSizes): string {
  return cityText(
    "soak",
    place,
    `prebaked = true
[beads]
provider = "file"
[daemon]
patrol_interval = "5s"

[[agent]]
name = "mayor"
start_command = "cat"
[[named_session]]
template = "mayor"
mode = "always"

[[agent]]
name = "clerk"
start_command = "cat"
[[named_session]]
template = "clerk"
mode = "on_demand"

# Slower than a controller is to ask sessions to finish that it believes to be too many.
[[agent]]
name = "coder"
start_command = "cat"
min_active_sessions = 1
max_active_sessions = 8
scale_check = "sleep 3; cat ${scaleFile}"

[[agent]]
name = "reviewer"
start_command = "cat"
min_active_sessions = ${reviewer}
max_active_sessions = 40
`,
  );
}
