import { type Disposable, toDisposable } from "../../lib/disposable.ts";
import { Emitter } from "../../lib/emitter.ts";
import { lockFile } from "../../lib/file-lock.ts";
import type { Log } from "../../lib/log.ts";
import { problemOf } from "../../lib/problem.ts";
import type { Bead, BeadChange, Dependency, NewBead } from "../bead.ts";
import { beadMissing } from "../bead-problems.ts";
import { type BeadQuery, findBeads } from "../bead-query.ts";
import type { BeadEdit, BeadSnapshot, BeadStore, DependencyDirection } from "../bead-store.ts";
import { readyBeads } from "../ready-beads.ts";
import { ContentDraft } from "./content-draft.ts";
import { type FileState, fileBroken, readIfChanged, replaceFile } from "./store-file.ts";
import { type StoreContent, emptyContent, parseStore, storeText } from "./store-text.ts";
import { watchFile } from "../../lib/watch-file.ts";

/** What somebody wants to have written, all or nothing of it. */
interface Batch {
  readonly edits: readonly BeadEdit[];
  resolve(beads: readonly (Bead | undefined)[]): void;
  reject(error: unknown): void;
}

/**
 * Keeps beads in one JSON file, as gc's file store does (gascity-spec §5.3). Readers take no lock, since the file is only ever
 * replaced as a whole. Writers hold gc's lock beside it; those that wait for it together share one write.
 */
export class FileBeadStore implements BeadStore {
  readonly #file: string;
  readonly #log: Log;
  readonly #lockWait: number;
  readonly #changed = new Emitter<BeadSnapshot>();
  #watches = 0;
  #watching: Disposable | undefined;
  #content = emptyContent;
  /** What was last read or written. */
  #state: FileState = { stamp: "", text: undefined };
  #snapshot: BeadSnapshot = { synced: false, beads: new Map(), dependencies: [], problem: undefined };
  /** Whoever looks at the file or replaces it does so after those before. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #batches: Batch[] = [];
  #writing = false;

  /** `file` need not exist yet. `lockWait` is how long a change waits for others, in milliseconds. */
  constructor(file: string, log: Log, lockWait = 10_000) {
    this.#file = file;
    this.#log = log;
    this.#lockWait = lockWait;
  }

  async get(id: string): Promise<Bead> {
    return existing(await this.#read(), id);
  }

  async list(query: BeadQuery): Promise<readonly Bead[]> {
    return findBeads((await this.#read()).beads.values(), query);
  }

  async ready(): Promise<readonly Bead[]> {
    const { beads, dependencies } = await this.#read();
    return readyBeads(beads, dependencies);
  }

  async dependencies(id: string, direction: DependencyDirection): Promise<readonly Dependency[]> {
    const end = direction === "up" ? "dependsOnId" : "issueId";
    return (await this.#read()).dependencies.filter((dependency) => dependency[end] === id);
  }

  async create(bead: NewBead): Promise<Bead> {
    return this.#applyOne({ kind: "create", bead });
  }

  async update(id: string, change: BeadChange): Promise<Bead> {
    return this.#applyOne({ kind: "update", id, change });
  }

  async close(id: string): Promise<Bead> {
    return this.#applyOne({ kind: "close", id });
  }

  async delete(id: string): Promise<void> {
    await this.apply([{ kind: "delete", id }]);
  }

  async addDependency(dependency: Dependency): Promise<void> {
    await this.apply([{ kind: "add-dependency", dependency }]);
  }

  async removeDependency(dependency: Omit<Dependency, "type">): Promise<void> {
    await this.apply([{ kind: "remove-dependency", dependency }]);
  }

  apply(edits: readonly BeadEdit[]): Promise<readonly (Bead | undefined)[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly (Bead | undefined)[]>();
    this.#batches.push({ edits, resolve, reject });
    void this.#write();
    return promise;
  }

  watch(listener: (snapshot: BeadSnapshot) => void): Disposable {
    listener(this.#snapshot);
    const subscription = this.#changed.event(listener);
    this.#watches += 1;
    // What fails is told in the snapshot.
    this.#watching ??= watchFile(this.#file, () => void this.#read().catch(() => undefined));
    return toDisposable(() => {
      subscription.dispose();
      this.#watches -= 1;
      if (this.#watches === 0) this.#stopWatching();
    });
  }

  dispose(): void {
    this.#changed.dispose();
    this.#stopWatching();
  }

  #stopWatching(): void {
    this.#watching?.dispose();
    this.#watching = undefined;
  }

  async #applyOne(edit: BeadEdit): Promise<Bead> {
    const [bead] = await this.apply([edit]);
    if (!bead) throw new Error(`${edit.kind} has no bead`);
    return bead;
  }

  #read(): Promise<BeadSnapshot> {
    return this.#inTurn(() => this.#look());
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(task);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** Takes in what is new in the file. */
  async #look(): Promise<BeadSnapshot> {
    try {
      const state = await readIfChanged(this.#file, this.#state.stamp);
      if (!state) return this.#publish({ problem: undefined });
      const content = state.text === this.#state.text ? this.#content : this.#parse(state.text);
      return this.#adopt(content, state);
    } catch (error) {
      this.#publish({ problem: problemOf(error) });
      throw error;
    }
  }

  #parse(text: string | undefined): StoreContent {
    if (text === undefined) return emptyContent;
    try {
      return parseStore(text, this.#content);
    } catch (error) {
      throw fileBroken(this.#file, error);
    }
  }

  #adopt(content: StoreContent, state: FileState): BeadSnapshot {
    const { beads, dependencies } = this.#content;
    this.#content = content;
    this.#state = state;
    return this.#publish({
      synced: true,
      problem: undefined,
      ...(sameValues(content.beads, beads) ? {} : { beads: byId(content) }),
      ...(sameValues(content.dependencies, dependencies)
        ? {}
        : { dependencies: content.dependencies.map(({ value }) => value) }),
    });
  }

  /** Tells the listeners, unless it is what they know. */
  #publish(news: Partial<BeadSnapshot>): BeadSnapshot {
    const before = this.#snapshot;
    const now = { ...before, ...news };
    if (Object.keys(now).every((key) => now[key as keyof BeadSnapshot] === before[key as keyof BeadSnapshot]))
      return before;
    this.#snapshot = now;
    try {
      this.#changed.fire(now);
    } catch (error) {
      this.#log.error(`What follows from a change of beads failed: ${problemOf(error).reason}`);
    }
    return now;
  }

  async #write(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    while (this.#batches.length > 0) {
      let batches: readonly Batch[] = [];
      try {
        await using _lock = await lockFile(`${this.#file}.lock`, { wait: this.#lockWait });
        // Only now: what came while others had the lock goes along.
        batches = this.#batches.splice(0);
        await this.#inTurn(() => this.#writeTogether(batches));
      } catch (error) {
        // The one or the other is empty.
        for (const batch of [...batches, ...(batches.length > 0 ? [] : this.#batches.splice(0))]) batch.reject(error);
      }
    }
    this.#writing = false;
  }

  async #writeTogether(batches: readonly Batch[]): Promise<void> {
    await this.#look();
    let content = this.#content;
    const done: { readonly batch: Batch; readonly ids: readonly (string | undefined)[] }[] = [];
    for (const batch of batches) {
      try {
        const draft = new ContentDraft(content, Date.now());
        done.push({ batch, ids: batch.edits.map((edit) => draft.edit(edit)?.id) });
        content = draft.content();
      } catch (error) {
        batch.reject(error);
      }
    }
    if (content !== this.#content) {
      const text = storeText(content);
      await replaceFile(this.#file, text);
      this.#adopt(content, { stamp: "", text });
    }
    const { beads } = this.#snapshot;
    for (const { batch, ids } of done) batch.resolve(ids.map((id) => (id === undefined ? id : beads.get(id))));
  }
}

function existing({ beads }: BeadSnapshot, id: string): Bead {
  const bead = beads.get(id);
  if (!bead) throw beadMissing(id);
  return bead;
}

/** Where an id stands more than once, the first one counts. */
function byId(content: StoreContent): ReadonlyMap<string, Bead> {
  const beads = new Map<string, Bead>();
  for (const { value } of content.beads) if (!beads.has(value.id)) beads.set(value.id, value);
  return beads;
}

function sameValues<T>(first: readonly { readonly value: T }[], second: readonly { readonly value: T }[]): boolean {
  return first.length === second.length && first.every(({ value }, index) => value === second[index]?.value);
}
