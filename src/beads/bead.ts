/** One piece of work, message, session or what else a city keeps (gascity-spec §5.1). Immutable. */
export interface Bead {
  readonly id: string;
  readonly title: string;
  /** `open`, `in_progress`, `closed`, or one that somebody else made up. */
  readonly status: string;
  /** `task`, `session`, `convoy`, …, or one that somebody else made up. */
  readonly type: string;
  /** 0 is the most urgent; undefined when nobody said. */
  readonly priority: number | undefined;
  /** In milliseconds since the epoch. */
  readonly createdAt: number;
  /** Who works on it; empty for nobody. So with the next four: empty is not set. */
  readonly assignee: string;
  readonly from: string;
  /** The id of the bead that this one is a part of. */
  readonly parent: string;
  /** The formula's step, or the formula, that it was made from. */
  readonly ref: string;
  readonly description: string;
  /** What it was created to wait for, as it was said then: `id` or `type:id`. */
  readonly needs: readonly string[];
  readonly labels: readonly string[];
  /** A value may be empty, which for gc is as good as not set. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** That `issueId` depends on `dependsOnId`. Of type `blocks`, `waits-for` or `conditional-blocks` it keeps it from being ready. */
export interface Dependency {
  readonly issueId: string;
  readonly dependsOnId: string;
  readonly type: string;
}

/** A bead to be made: what is not named is empty, the type `task`. */
export type NewBead = Pick<Bead, "title"> & Partial<Omit<Bead, "id" | "status" | "createdAt">>;

/** What to change of a bead; what is not named stays. */
export interface BeadChange extends Partial<
  Pick<Bead, "title" | "status" | "type" | "priority" | "description" | "parent" | "assignee">
> {
  /** Those that are there already are not doubled. */
  readonly addLabels?: readonly string[];
  readonly removeLabels?: readonly string[];
  /** Merged, all keys at once. As in gc, an empty value is kept as an empty value and reads as not set. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Whether the bead's work is over. */
export function isClosed(bead: Bead): boolean {
  return bead.status === "closed";
}
