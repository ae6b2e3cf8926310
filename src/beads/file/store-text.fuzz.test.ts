import * as fc from "fast-check";
import { expect, it } from "vitest";
import { anyCharacter } from "../../../test/any-character.ts";
import { fuzzRuns } from "../../../test/fuzz-runs.ts";
import type { BeadEdit } from "../bead-store.ts";
import { ContentDraft } from "./content-draft.ts";
import { jsonMembers } from "./json-pieces.ts";
import { type StoreContent, emptyContent, parseStore, storeText } from "./store-text.ts";

const text = fc.string({
  unit: fc.oneof(anyCharacter, fc.constantFrom('"', "\\", "<", "{", "]", ",", "\n", "\u2028")),
});
const id = fc.constantFrom("gc-1", "gc-2", "gc-3", "gc-7");
const space = fc.constantFrom("", " ", "\n  ", "\t", "\r\n");

/** JSON as somebody may write it: any white space, escapes where none are needed, numbers that JavaScript cannot hold. */
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("null", "true", "1.0", "-0", "1e400", "12345678901234567890", '"\\u00fc\\/"', "[]", "{ }"),
    text.map((value) => JSON.stringify(value)),
    fc.tuple(space, fc.array(tie("json"))).map(([gap, items]) => `[${gap}${items.join(`${gap},`)}${gap}]`),
    fc.tuple(space, fc.array(fc.tuple(text, tie("json")))).map(([gap, members]) => objectOf(members, gap)),
  ),
}));

function objectOf(members: readonly (readonly [string, string])[], gap: string): string {
  return `{${members.map(([name, value]) => `${gap}${JSON.stringify(name)}${gap}:${gap}${value}${gap}`).join(",")}}`;
}

const odd = fc.array(
  fc.tuple(
    text.filter((name) => !["seq", "beads", "deps"].includes(name)),
    json,
  ),
);
const beadText = fc
  .tuple(id, odd, space, fc.dictionary(text, text))
  .map(([id, members, gap, metadata]) =>
    objectOf([...members, ["id", JSON.stringify(id)], ["metadata", JSON.stringify(metadata)]], gap),
  );
const storeJson = fc.tuple(fc.nat(9), fc.array(beadText), odd, space).map(([seq, beads, others, gap]) => ({
  beads,
  text: objectOf([...others, ["seq", String(seq)], ["beads", `[${gap}${beads.join(`${gap},`)}]`]], gap),
}));

const edit: fc.Arbitrary<BeadEdit> = fc.oneof(
  fc.record({
    kind: fc.constant("create" as const),
    bead: fc.record({ title: text, metadata: fc.dictionary(text, text) }),
  }),
  fc.record({
    kind: fc.constant("update" as const),
    id,
    change: fc.record(
      {
        title: text,
        description: text,
        metadata: fc.dictionary(text, text),
        addLabels: fc.array(text),
        removeLabels: fc.array(text),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({ kind: fc.constant("close" as const), id }),
  fc.record({ kind: fc.constant("delete" as const), id }),
  fc.record({
    kind: fc.constant("add-dependency" as const),
    dependency: fc.record({ issueId: id, dependsOnId: id, type: fc.constantFrom("blocks", "tracks") }),
  }),
);

function edited(content: StoreContent, edits: readonly BeadEdit[]): StoreContent {
  const draft = new ContentDraft(content, 0);
  for (const one of edits) {
    try {
      draft.edit(one);
    } catch {
      // A bead that is not there.
    }
  }
  return draft.content();
}

it("finds the members of any JSON as they are written", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, json)), space, (members, gap) => {
      const found = jsonMembers(objectOf(members, gap));
      expect(found.map(({ name, text }) => [name, text])).toEqual(members.map(([name, value]) => [name, value.trim()]));
    }),
    { numRuns: fuzzRuns(0.1) },
  );
});

it("writes what was not changed as it was, and reads back what it wrote", () => {
  fc.assert(
    fc.property(storeJson, fc.array(edit), (store, edits) => {
      const before = parseStore(store.text, emptyContent);
      expect(before.beads.map((entry) => entry.text)).toEqual(store.beads);
      const touched = new Set(edits.map((one) => ("id" in one ? one.id : "")));
      const after = edited(before, edits);
      const again = parseStore(storeText(after), emptyContent);
      // Also what is not in the texts that this program keeps: the values it hands out are those of a fresh look.
      expect(again).toEqual(after);
      expect(after.seq).toBeGreaterThanOrEqual(before.seq);
      expect(after.others).toEqual(before.others);
      for (const entry of before.beads) if (!touched.has(entry.value.id)) expect(after.beads).toContain(entry);
    }),
    { numRuns: fuzzRuns(0.04) },
  );
});

it("keeps the members of a changed bead that the change does not name", () => {
  fc.assert(
    fc.property(storeJson, (store) => {
      const before = parseStore(store.text, emptyContent);
      const [first] = before.beads;
      if (!first) return;
      const after = edited(before, [
        { kind: "update", id: first.value.id, change: { assignee: `${first.value.assignee}x` } },
      ]);
      const left = (text: string): unknown =>
        jsonMembers(text)
          .filter(({ name }) => name !== "assignee")
          .map(({ nameText, text }) => [nameText, text]);
      expect(left(after.beads[0]?.text ?? "")).toEqual(left(first.text));
      expect(after.beads.slice(1)).toEqual(before.beads.slice(1));
    }),
    { numRuns: fuzzRuns(0.1) },
  );
});
