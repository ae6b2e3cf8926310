import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type TextEdit, applyEdits, editRanges } from "./text-edit.ts";
import { TomlDraft } from "./toml-draft.ts";
import { TomlSyntaxError } from "./toml-tree.ts";

/** Edits in order that do not overlap, of a text of this length. */
function editsOf(length: number): fc.Arbitrary<TextEdit[]> {
  const offsets = fc.array(fc.nat(length), { maxLength: 6 }).map((list) => list.toSorted((a, b) => a - b));
  return fc.tuple(offsets, fc.array(fc.string({ maxLength: 3 }), { minLength: 3, maxLength: 3 })).map(([at, texts]) =>
    Array.from({ length: Math.floor(at.length / 2) }, (_, index) => {
      const [start = 0, end = 0] = at.slice(2 * index);
      return { start, end, newText: texts[index] ?? "" };
    }),
  );
}

describe("TomlDraft", () => {
  it("joins the edits of many steps", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.gen(), (text, gen) => {
        const draft = new TomlDraft(text);
        let now = text;
        for (let step = 0; step < 3; step++) {
          const edits = gen(editsOf, now.length);
          draft.apply(edits);
          now = applyEdits(now, edits);
          expect(draft.text).toBe(now);
        }
        const edits = draft.edits();
        expect(applyEdits(text, edits)).toBe(now);
        for (const { start, end, newText } of edits) expect(newText).not.toBe(text.slice(start, end));
      }),
    );
  });

  it("keeps a byte order mark out of the edits", () => {
    const draft = new TomlDraft("\uFEFFab");
    draft.apply([{ start: 0, end: 1, newText: "x\n" }]);
    expect(draft.edits()).toEqual([{ start: 1, end: 2, newText: "x\n" }]);
  });

  it.each([
    ["an open bracket", "[a\nx = 1\n", 1, 0],
    ["a key twice", "x = 1\nx = 2\n", 1, 0],
    ["no value", "[a]\r\ny = \r\n", 2, 0],
    ["brackets in brackets", `x = ${"[".repeat(20_000)}${"]".repeat(20_000)}`, 0, 0],
  ])("says where a text with %s is no TOML", (_what, text, line, character) => {
    const draft = new TomlDraft(text);
    expect(() => draft.tree).toThrow(TomlSyntaxError);
    expect(() => draft.tree).toThrow(expect.objectContaining({ line, character }));
    expect(draft.edits()).toEqual([]);
  });
});

describe("editRanges", () => {
  it("counts lines and characters from 0", () => {
    const edits = [
      { start: 0, end: 1, newText: "x" },
      { start: 4, end: 5, newText: "" },
      { start: 6, end: 6, newText: "y" },
    ];
    expect(editRanges("ab\r\ncd\n", edits).map(({ range }) => range)).toEqual([
      { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
      { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } },
      { start: { line: 1, character: 2 }, end: { line: 1, character: 2 } },
    ]);
  });
});
