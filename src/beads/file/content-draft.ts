import type { Bead, Dependency } from "../bead.ts";
import { beadMissing } from "../bead-problems.ts";
import type { BeadEdit } from "../bead-store.ts";
import { neededDependency } from "../ready-beads.ts";
import { changedBeadText, newBeadText } from "./bead-text.ts";
import { goJson } from "./go-json.ts";
import { readBead } from "./read-bead.ts";
import type { StoreContent, Written } from "./store-text.ts";

/** A store's content while it is changed: an edit needs to find its bead at once, and leaves the others alone. */
export class ContentDraft {
  readonly #before: StoreContent;
  readonly #now: number;
  readonly #beads: (Written<Bead> | undefined)[];
  /** The place of each. Where an id stands more than once, the first one counts, as for gc. */
  readonly #places = new Map<string, number>();
  #dependencies: readonly Written<Dependency>[];
  #seq: number;

  /** `now` is in milliseconds since the epoch. */
  constructor(before: StoreContent, now: number) {
    this.#before = before;
    this.#now = now;
    this.#seq = before.seq;
    this.#dependencies = before.dependencies;
    this.#beads = [...before.beads];
    for (const [place, { value }] of before.beads.entries()) {
      if (!this.#places.has(value.id)) this.#places.set(value.id, place);
    }
  }

  /** Does one edit; the bead as it is then. Throws `bead-missing`, with nothing done. */
  edit(edit: BeadEdit): Bead | undefined {
    switch (edit.kind) {
      case "create": {
        const id = this.#nextId();
        for (const need of edit.bead.needs ?? []) this.#addDependency(neededDependency(id, need));
        return this.#set(id, newBeadText(id, this.#now, edit.bead));
      }
      case "update": {
        const { text, value } = this.#find(edit.id);
        return this.#set(edit.id, changedBeadText(text, value, edit.change));
      }
      case "close": {
        const { text, value } = this.#find(edit.id);
        const { metadata = {} } = edit;
        return this.#set(edit.id, changedBeadText(text, value, { status: "closed", metadata }));
      }
      case "delete":
        this.#find(edit.id);
        this.#beads[this.#places.get(edit.id) ?? -1] = undefined;
        this.#places.delete(edit.id);
        this.#dependencies = this.#dependencies.filter(
          ({ value }) => value.issueId !== edit.id && value.dependsOnId !== edit.id,
        );
        return undefined;
      case "add-dependency":
        this.#addDependency(edit.dependency);
        return undefined;
      case "remove-dependency":
        this.#dependencies = this.#dependencies.filter(({ value }) => !isSamePair(value, edit.dependency));
        return undefined;
    }
  }

  /** What has become of the content; the very same when nothing has changed. */
  content(): StoreContent {
    const before = this.#before;
    const beads = this.#beads.filter((entry) => entry !== undefined);
    const changed =
      this.#seq !== before.seq || differ(this.#dependencies, before.dependencies) || differ(beads, before.beads);
    return changed ? { ...before, seq: this.#seq, beads, dependencies: this.#dependencies } : before;
  }

  #find(id: string): Written<Bead> {
    const found = this.#beads[this.#places.get(id) ?? -1];
    if (!found) throw beadMissing(id);
    return found;
  }

  #nextId(): string {
    do this.#seq += 1;
    while (this.#places.has(`gc-${this.#seq}`));
    return `gc-${this.#seq}`;
  }

  #set(id: string, text: string): Bead {
    const place = this.#places.get(id) ?? this.#beads.length;
    const before = this.#beads[place];
    if (before?.text === text) return before.value;
    const value = readBead(JSON.parse(text));
    if (!value) throw new Error(`The text of ${id} holds no bead`);
    this.#beads[place] = { text, value };
    this.#places.set(id, place);
    return value;
  }

  #addDependency(dependency: Dependency): void {
    const place = this.#dependencies.findIndex(({ value }) => isSamePair(value, dependency));
    if (place >= 0 && this.#dependencies[place]?.value.type === dependency.type) return;
    const { issueId, dependsOnId, type } = dependency;
    const text = goJson({ issue_id: issueId, depends_on_id: dependsOnId, type }, 2);
    const written = { text, value: Object.freeze({ issueId, dependsOnId, type }) };
    this.#dependencies = place < 0 ? [...this.#dependencies, written] : this.#dependencies.with(place, written);
  }
}

function isSamePair(first: Omit<Dependency, "type">, second: Omit<Dependency, "type">): boolean {
  return first.issueId === second.issueId && first.dependsOnId === second.dependsOnId;
}

function differ<T>(first: readonly T[], second: readonly T[]): boolean {
  return first.length !== second.length || first.some((item, index) => item !== second[index]);
}
