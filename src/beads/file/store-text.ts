import type { Bead, Dependency } from "../bead.ts";
import { goArray, goMember, goObject } from "./go-json.ts";
import { type JsonMember, jsonMembers } from "./json-pieces.ts";
import { isObject, readBead, readDependency } from "./read-bead.ts";

/** Something of the file, and how it is written there. */
export interface Written<T> {
  readonly text: string;
  readonly value: T;
}

/** What stands in beads.json (gascity-spec §5.3). What is not changed is written again as it was. */
export interface StoreContent {
  /** The number in the id that was given last. */
  readonly seq: number;
  readonly beads: readonly Written<Bead>[];
  readonly dependencies: readonly Written<Dependency>[];
  /** What else is there, which this program does not know. */
  readonly others: readonly JsonMember[];
}

/** A store that nobody has written to. */
export const emptyContent: StoreContent = { seq: 0, beads: [], dependencies: [], others: [] };

/**
 * Reads a file's text. What is written as in `before` is the same object as there. Throws an Error that says where the text
 * is no store.
 */
export function parseStore(text: string, before: StoreContent): StoreContent {
  const root: unknown = JSON.parse(text);
  if (!isObject(root)) throw new Error("it is not a JSON object");
  const members = jsonMembers(text);
  const { seq = 0, beads, deps } = root;
  if (typeof seq !== "number" || !Number.isSafeInteger(seq)) throw new Error('"seq" is not a whole number');
  const pieces = (name: string): readonly string[] => members.findLast((member) => member.name === name)?.pieces ?? [];
  return {
    seq,
    beads: readList("beads", beads, pieces("beads"), before.beads, readBead),
    dependencies: readList("deps", deps, pieces("deps"), before.dependencies, readDependency),
    others: members.filter(({ name }) => name !== "seq" && name !== "beads" && name !== "deps"),
  };
}

function readList<T>(
  name: string,
  list: unknown,
  pieces: readonly string[],
  before: readonly Written<T>[],
  read: (value: unknown) => T | undefined,
): readonly Written<T>[] {
  // Go writes null for a list that was never filled.
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw new Error(`"${name}" is not a list`);
  let known: ReadonlyMap<string, T> | undefined;
  const find = (piece: string, index: number): T | undefined => {
    const there = before[index];
    // Mostly it has not moved, and to compare is cheaper than to look up.
    if (there?.text === piece) return there.value;
    known ??= new Map(before.map((entry) => [entry.text, entry.value]));
    return known.get(piece);
  };
  // Each with its part of this text, never of the text before, which would stay in memory for one bead's sake.
  return pieces.map((piece, index) => {
    const value = find(piece, index) ?? read(list[index]);
    if (value === undefined) throw new Error(`number ${index + 1} in "${name}" has no id`);
    return { text: piece, value };
  });
}

/** The file's text, as gc writes it: without a line end at its end. */
export function storeText({ seq, beads, dependencies, others }: StoreContent): string {
  const list = (entries: readonly Written<unknown>[]): string =>
    goArray(
      entries.map(({ text }) => text),
      1,
    );
  return goObject(
    [
      goMember("seq", String(seq)),
      goMember("beads", list(beads)),
      ...(dependencies.length > 0 ? [goMember("deps", list(dependencies))] : []),
      ...others,
    ],
    0,
  );
}
