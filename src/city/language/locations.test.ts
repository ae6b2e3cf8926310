import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { exampleContext, exampleRoot } from "./example-city.ts";
import { definitionsAt, type Location, referencesAt } from "./locations.ts";

const city = `include = ["more.toml"]
[[agent]]
name = "mayor"
prompt_template = "prompts/mayor.md"
depends_on = ["clerk", "tools.helper"]
[[named_session]]
template = "mayor"
[imports.tools]
source = "packs/tools"
`;
const files: Readonly<Record<string, string>> = {
  "city.toml": city,
  "more.toml": '[[patches.agent]]\nname = "mayor"\n',
  "pack.toml": '[pack]\nname = "own"\nschema = 2\n',
  "packs/tools/pack.toml": '[pack]\nname = "tools"\nschema = 2\n[[agent]]\nname = "helper"\nscope = "city"\n',
  "agents/clerk/prompt.md": "You keep the files.",
  "prompts/mayor.md": "You rule.",
};

/** The context of a file with the caret behind the first `before` in it. */
function caret(file: string, before: string) {
  const text = files[file] ?? "";
  const at = text.indexOf(before) + before.length;
  return exampleContext(file, `${text.slice(0, at)}|${text.slice(at)}`, files);
}

/** File and what stands there. */
function shown(locations: readonly Location[]): readonly string[] {
  return locations.map(({ file, span }) => {
    const path = posix.relative(exampleRoot, file);
    return `${path}: ${(files[path] ?? "").slice(span.start, span.end)}`;
  });
}

describe("definitionsAt", () => {
  it.each([
    ['template = "ma', "city.toml: mayor"],
    ['["cl', "agents/clerk/prompt.md: "],
    ['"tools.he', "packs/tools/pack.toml: helper"],
    ['prompt_template = "pro', "prompts/mayor.md: "],
    ['include = ["mo', "more.toml: "],
    ['source = "pa', "packs/tools/pack.toml: "],
  ])("goes from %j to %s", (before, definition) => {
    const { context, offset } = caret("city.toml", before);
    expect(shown(definitionsAt(context, offset))).toEqual([definition]);
  });

  it("goes nowhere from what names nothing", () => {
    const { context, offset } = caret("city.toml", "[[ag");
    expect(definitionsAt(context, offset)).toEqual([]);
  });
});

describe("referencesAt", () => {
  it("finds the uses of a name in all files, from any of them", () => {
    for (const [file, before] of [
      ["city.toml", 'name = "ma'],
      ["more.toml", 'name = "ma'],
    ] as const) {
      const { context, offset } = caret(file, before);
      expect(shown(referencesAt(context, offset, false))).toEqual(["city.toml: mayor", "more.toml: mayor"]);
      expect(referencesAt(context, offset, true)).toHaveLength(3);
    }
  });
});
