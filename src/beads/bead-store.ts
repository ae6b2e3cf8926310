import type { Disposable } from "../lib/disposable.ts";
import type { Problem } from "../lib/problem.ts";
import type { Bead, BeadChange, Dependency, NewBead } from "./bead.ts";
import type { BeadQuery } from "./bead-query.ts";

/** One change of a store. */
export type BeadEdit =
  | { readonly kind: "create"; readonly bead: NewBead }
  | { readonly kind: "update"; readonly id: string; readonly change: BeadChange }
  | { readonly kind: "close"; readonly id: string; readonly metadata?: Readonly<Record<string, string>> }
  | { readonly kind: "delete"; readonly id: string }
  | { readonly kind: "add-dependency"; readonly dependency: Dependency }
  | { readonly kind: "remove-dependency"; readonly dependency: Omit<Dependency, "type"> };

/** Everything a store holds at one moment. Immutable; what has not changed is the same object as before. */
export interface BeadSnapshot {
  /** False until the first complete look: empty `beads` then mean "not known yet". */
  readonly synced: boolean;
  /** All beads by id, closed ones too, the oldest first. While `problem` is set these are the last ones known. */
  readonly beads: ReadonlyMap<string, Bead>;
  readonly dependencies: readonly Dependency[];
  /** Why the store cannot be read right now; it goes on trying by itself. */
  readonly problem: Problem | undefined;
}

/** Which end of the dependencies: `down`, what the bead depends on, or `up`, what depends on it. */
export type DependencyDirection = "down" | "up";

/**
 * Keeps the beads of a city or a rig (gascity-spec §5.2). A bead that has not changed is the same object in all answers.
 * Operations on a bead that is not there fail with `bead-missing`, others with a ProblemError that says what is wrong
 * with the store. A change is seen by every read that begins after it is done.
 */
export interface BeadStore extends Disposable {
  get(id: string): Promise<Bead>;
  /** The oldest first. Refuses a query that names no filter and does not ask for all. */
  list(query: BeadQuery): Promise<readonly Bead[]>;
  /** What an agent could take up now: open work that waits for no other bead (gascity-spec §5.2), the oldest first. */
  ready(): Promise<readonly Bead[]>;
  dependencies(id: string, direction: DependencyDirection): Promise<readonly Dependency[]>;
  /** An open bead with a new id; what it `needs` become dependencies. */
  create(bead: NewBead): Promise<Bead>;
  /** All of the change in one write; the bead as it is then. */
  update(id: string, change: BeadChange): Promise<Bead>;
  /** One that is closed stays so. */
  close(id: string): Promise<Bead>;
  /** Forgets the bead, and the dependencies on it and of it. */
  delete(id: string): Promise<void>;
  /** Between the same two there is one: another type replaces it. */
  addDependency(dependency: Dependency): Promise<void>;
  /** One that does not exist is removed already. */
  removeDependency(dependency: Omit<Dependency, "type">): Promise<void>;
  /**
   * Several changes in their order, in as few writes as the store can. Fails at the first that fails; a store that can
   * then leaves all undone. For each edit its bead as it is afterwards; undefined where it has none.
   */
  apply(edits: readonly BeadEdit[]): Promise<readonly (Bead | undefined)[]>;
  /** Pushes a snapshot now and after each change, whoever made it, until disposed. It outlives every failure. */
  watch(listener: (snapshot: BeadSnapshot) => void): Disposable;
}
