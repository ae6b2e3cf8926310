import { randomBytes } from "node:crypto";
import type { Bead } from "../beads/bead.ts";
import type { BeadEdit, BeadSnapshot, BeadStore } from "../beads/bead-store.ts";
import { readyBeads } from "../beads/ready-beads.ts";
import { poolSessionName } from "../city/names/pool-name.ts";
import { type Disposable, DisposableStore } from "../lib/disposable.ts";
import { Emitter, type Event } from "../lib/emitter.ts";
import type { Problem } from "../lib/problem.ts";
import { closed, newRecord, type NewRecord } from "./reconcile/record-changes.ts";
import { type SessionRecord, sessionRecord } from "./reconcile/session-record.ts";
import type { AssignedWork, RecordChange } from "./reconcile/world.ts";

const sessionType = "session";
/** gc's label of session beads (gascity-spec §5.6). */
const sessionLabel = "gc:session";
/** Types that are nobody's work (gascity-spec §5.2). */
const noWork: ReadonlySet<string> = new Set(["message", "session", "agent", "role", "rig", "gate"]);

/** The sessions' records and the work that waits for them, read from a city's beads and written back. */
export class Ledger implements Disposable {
  readonly #store: BeadStore;
  readonly #own = new DisposableStore();
  readonly #changed = this.#own.add(new Emitter<void>());
  #beads = new Map<string, Bead>();
  #dependencies: BeadSnapshot["dependencies"] = [];
  /** Beads that can be worked on: begun already, or waiting for no other bead. */
  #workable: ReadonlySet<Bead> | undefined;
  #synced = false;
  #problem: Problem | undefined;
  #records: readonly SessionRecord[] | undefined;
  #work: readonly AssignedWork[] | undefined;
  #closed: ReadonlyMap<string, number> | undefined;
  /** By id: `gc session close` writes no time. */
  readonly #seenClosed = new Map<string, number>();

  constructor(store: BeadStore) {
    this.#store = store;
    this.#own.add(store.watch((snapshot) => this.#read(snapshot)));
  }

  /** Fires after records or work changed. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  get synced(): boolean {
    return this.#synced;
  }

  /** Why the beads cannot be read right now. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** Of sessions whose beads are open. */
  get records(): readonly SessionRecord[] {
    return (this.#records ??= [...this.#beads.values()].filter(isOpenSession).map(recordOf));
  }

  /** When records were closed, by their sessions' names; of several the last time. */
  get closed(): ReadonlyMap<string, number> {
    if (this.#closed) return this.#closed;
    const closed = new Map<string, number>();
    for (const { id, type, status, metadata } of this.#beads.values()) {
      const at = this.#seenClosed.get(id) ?? Date.parse(metadata["closed_at"] ?? "");
      const name = metadata["session_name"] ?? "";
      if (type === sessionType && status === "closed" && at > (closed.get(name) ?? 0)) closed.set(name, at);
    }
    return (this.#closed = closed);
  }

  /** Open work that somebody has been given. */
  get work(): readonly AssignedWork[] {
    return (this.#work ??= [...this.#beads.values()].filter(isAssigned).map((bead) => ({
      id: bead.id,
      assignee: bead.assignee,
      inProgress: bead.status === "in_progress",
      blocked: !this.#allWorkable().has(bead),
      // gc's default, in the middle.
      priority: bead.priority ?? 2,
    })));
  }

  /** Work that is routed to an agent and that nobody has taken (gascity-spec §3.6, scale_check's default). */
  routedTo(template: string): number {
    let count = 0;
    for (const { type, assignee, metadata } of this.#allWorkable()) {
      if (assignee === "" && !noWork.has(type) && metadata["gc.routed_to"] === template) count += 1;
    }
    return count;
  }

  #allWorkable(): ReadonlySet<Bead> {
    const begun = ({ status, type }: Bead): boolean =>
      status === "in_progress" || (type === "molecule" && status === "open");
    return (this.#workable ??= new Set([
      ...[...this.#beads.values()].filter(begun),
      ...readyBeads(this.#beads, this.#dependencies),
    ]));
  }

  /**
   * Writes changes, all at once, and knows them afterwards. Nothing is changed when it fails. `taken` holds names of
   * sessions that exist without a record: a new record gets none of them.
   */
  async write(changes: readonly RecordChange[], now: number, taken: ReadonlySet<string> = new Set()): Promise<void> {
    if (changes.length === 0) return;
    const beads = await this.#store.apply(changes.map((change) => edit(change, now)));
    this.#learn(beads);
    await this.#nameCreated(beads, changes, taken, now);
  }

  dispose(): void {
    this.#own.dispose();
  }

  /** A session of a pool is named after its bead, whose id is known only now. */
  async #nameCreated(
    beads: readonly (Bead | undefined)[],
    changes: readonly RecordChange[],
    taken: ReadonlySet<string>,
    now: number,
  ): Promise<void> {
    const edits: BeadEdit[] = [];
    const again: RecordChange[] = [];
    for (const [index, bead] of beads.entries()) {
      const change = changes[index];
      if (!bead || change?.kind !== "create" || change.record.session !== "") continue;
      const { session } = recordOf(bead);
      const others = this.records.filter((record) => record.session === session && record.id !== bead.id);
      if (others.length > 0 || taken.has(session)) {
        // A ledger that was lost counts from one again, and its sessions of old are still there.
        edits.push({ kind: "close", id: bead.id, metadata: closed("duplicate", now) });
        again.push(change);
      } else {
        edits.push({ kind: "update", id: bead.id, change: { metadata: { session_name: session } } });
      }
    }
    if (edits.length > 0) this.#learn(await this.#store.apply(edits));
    await this.write(again, now, taken);
  }

  #learn(beads: readonly (Bead | undefined)[]): void {
    for (const bead of beads) if (bead) this.#beads.set(bead.id, bead);
    this.#forget();
  }

  #read({ synced, beads, dependencies, problem }: BeadSnapshot): void {
    this.#synced = synced;
    this.#problem = problem;
    for (const [id, { status }] of this.#beads) {
      if (status !== "closed" && beads.get(id)?.status === "closed") this.#seenClosed.set(id, Date.now());
    }
    this.#beads = new Map(beads);
    this.#dependencies = dependencies;
    this.#forget();
    this.#changed.fire();
  }

  #forget(): void {
    this.#records = undefined;
    this.#work = undefined;
    this.#closed = undefined;
    this.#workable = undefined;
  }
}

function edit(change: RecordChange, now: number): BeadEdit {
  switch (change.kind) {
    case "create":
      return { kind: "create", bead: sessionBead(change.record, change.adopted, now) };
    case "patch":
      return { kind: "update", id: change.id, change: { metadata: change.patch } };
    case "close":
      return { kind: "close", id: change.id, metadata: closed(change.reason, now) };
    case "release":
      return { kind: "update", id: change.work, change: { assignee: "", status: "open" } };
  }
}

function sessionBead(record: NewRecord, adopted: boolean, now: number) {
  return {
    title: record.template,
    type: sessionType,
    labels: [sessionLabel, `agent:${record.template}`],
    metadata: newRecord(record, instanceToken(), now, adopted),
  };
}

/** Tells one incarnation of a session from another (gascity-spec §2.2): 16 random bytes in hexadecimal. */
export function instanceToken(): string {
  return randomBytes(16).toString("hex");
}

function isOpenSession({ type, status, labels }: Bead): boolean {
  return status !== "closed" && (type === sessionType || labels.includes(sessionLabel));
}

function isAssigned({ assignee, status, type }: Bead): boolean {
  return assignee !== "" && (status === "open" || status === "in_progress") && !noWork.has(type);
}

/** A bead whose controller was killed before it was named has the name that it would have got. */
function recordOf({ id, metadata, createdAt }: Bead): SessionRecord {
  const record = sessionRecord({ id, metadata, createdAt });
  return record.session === "" ? { ...record, session: poolSessionName(record.template, id) } : record;
}
