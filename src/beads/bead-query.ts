import { ProblemError } from "../lib/problem.ts";
import { type Bead, isClosed } from "./bead.ts";

/** Which beads: those that all the named filters let pass. */
export interface BeadQuery {
  readonly status?: string;
  readonly type?: string;
  readonly label?: string;
  readonly assignee?: string;
  readonly parent?: string;
  /** Each key has this value; an empty one finds beads without it too. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Closed beads are left out unless this is true or `status` is `closed`. */
  readonly includeClosed?: boolean;
  /** At most so many. */
  readonly limit?: number;
  /** Says that no filter is meant: nobody shall read a whole store by a mistake. */
  readonly all?: boolean;
}

/** The first `limit` of `beads` that the query finds. Fails when it names no filter and does not ask for all. */
export function findBeads(beads: Iterable<Bead>, query: BeadQuery): readonly Bead[] {
  refuseUnbounded(query);
  const found: Bead[] = [];
  for (const bead of beads) {
    if (query.limit !== undefined && found.length >= query.limit) break;
    if (matches(bead, query)) found.push(bead);
  }
  return found;
}

function refuseUnbounded({ status, type, label, assignee, parent, metadata, all = false }: BeadQuery): void {
  const filtered = [status, type, label, assignee, parent].some((filter) => filter !== undefined);
  if (filtered || all || Object.keys(metadata ?? {}).length > 0) return;
  throw new ProblemError({
    code: "unsupported",
    reason: "A list of beads was asked for without a filter",
    action: "Name a status, type, label, assignee, parent or metadata, or ask for all",
  });
}

function matches(bead: Bead, query: BeadQuery): boolean {
  if (query.status === undefined ? isClosed(bead) && query.includeClosed !== true : bead.status !== query.status)
    return false;
  if (query.type !== undefined && bead.type !== query.type) return false;
  if (query.assignee !== undefined && bead.assignee !== query.assignee) return false;
  if (query.parent !== undefined && bead.parent !== query.parent) return false;
  if (query.label !== undefined && !bead.labels.includes(query.label)) return false;
  return Object.entries(query.metadata ?? {}).every(([key, value]) => metadataOf(bead, key) === value);
}

function metadataOf({ metadata }: Bead, key: string): string {
  return Object.hasOwn(metadata, key) ? (metadata[key] ?? "") : "";
}
