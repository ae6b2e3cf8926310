import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TomlPath } from "../toml-path.ts";
import { TomlTree } from "../../edit/toml/toml-tree.ts";
import { scanToml } from "./scan-toml.ts";
import type { ScannedEntry, ScannedToml, ScannedValue } from "./scanned-toml.ts";

/** What is written at each path: strings as they mean, other words as they are. */
function contents({ sections }: ScannedToml): readonly string[] {
  const ofValue = (path: TomlPath, value: ScannedValue | undefined): string[] => {
    if (value?.kind === "array") return value.items.flatMap((item, index) => ofValue([...path, index], item));
    if (value?.kind === "table") return value.entries.flatMap(ofEntry);
    const said = value === undefined ? "?" : value.kind === "string" ? JSON.stringify(value.text) : value.text;
    return [`${path.join(".")} = ${said}`];
  };
  const ofEntry = ({ path, value }: ScannedEntry): string[] => ofValue(path, value);
  return sections.flatMap(({ path, header, entries }) => [
    ...(header ? [`[${path.join(".")}]`] : []),
    ...entries.flatMap(ofEntry),
  ]);
}

describe("scanToml", () => {
  it("reads tables, elements, dotted keys, arrays and inline tables", () => {
    const text = `\uFEFFa = 1 # one
[workspace] # why
name = "x\\ty" # not "this"
[[agent]]
'name' = 'C:\\x'
env."A B" = """
two \\
   lines""""
[agent.env]
C = 2020-01-01 10:00:00
[[agent]]
depends_on = [ "a", # [
  'b', [1, true],
]
[[rigs]]
[[rigs.overrides]]
pool = { min = 1, max.y = [2], }
[rigs.imports.x]
`;
    expect(contents(scanToml(text))).toEqual([
      "a = 1",
      "[workspace]",
      'workspace.name = "x\\ty"',
      "[agent.0]",
      'agent.0.name = "C:\\\\x"',
      'agent.0.env.A B = "two lines\\""',
      "[agent.0.env]",
      "agent.0.env.C = 2020-01-01 10:00:00",
      "[agent.1]",
      'agent.1.depends_on.0 = "a"',
      'agent.1.depends_on.1 = "b"',
      "agent.1.depends_on.2.0 = 1",
      "agent.1.depends_on.2.1 = true",
      "[rigs.0]",
      "[rigs.0.overrides.0]",
      "rigs.0.overrides.0.pool.min = 1",
      "rigs.0.overrides.0.pool.max.y.0 = 2",
      "[rigs.0.imports.x]",
    ]);
  });

  it.each<[half: string, read: readonly string[]]>([
    ["na", ["na = ?"]],
    ["name =", ["name = ?"]],
    ["name = # x", ["name = ?"]],
    ['name = "ab', ['name = "ab"']],
    ["list = [", []],
    ['list = ["a', ['list.0 = "a"']],
    ['list = [\n  "a",\n', ['list.0 = "a"']],
    ["env = { a = 1", ["env.a = 1"]],
    ["env = { a = 1,", ["env.a = 1"]],
    ["env = {\n  a = 1\nb = { c = 2 }", ["env.a = 1", "b.c = 2"]],
    ["a.", ["a. = ?"]],
    ["= 3", [" = 3"]],
    ["]", []],
  ])("reads what follows the half-written %j", (half, read) => {
    expect(contents(scanToml(`${half}\n[[agent]]\nname = "x"\n`))).toEqual([
      ...read,
      "[agent.0]",
      'agent.0.name = "x"',
    ]);
  });

  it("reads an inline table over several lines, as TOML 1.1 has it", () => {
    const text = "env = {\n  a = 1, # one\n  # two\n  b = { c = 2,\r\n },\n}\nname = 'x'\n[t]\nd = {\n}\n";
    expect(contents(scanToml(text))).toEqual(["env.a = 1", "env.b.c = 2", 'name = "x"', "[t]"]);
  });

  it.each([
    ["[", "[]"],
    ["[]", "[]"],
    ["[[", "[]"],
    ["[[agent", "[agent.0]"],
    ["[session.", "[session.]"],
    ["[[rigs.over]", "[rigs.over.0]"],
  ])("takes %j for a header", (half, read) => {
    expect(contents(scanToml(`${half}\nname = "x"`))[0]).toBe(read);
  });

  it("covers the text with sections and keeps the places of what it reads", () => {
    const text = "# a\r\nb.c = 1\r\n[x]\r\ny = 'z'\r\n";
    const { sections, comments } = scanToml(text);
    expect(sections.map(({ start, end }) => text.slice(start, end)).join("")).toBe(text);
    expect(comments.map(({ start, end }) => text.slice(start, end))).toEqual(["# a"]);
    const entry = sections[1]?.entries[0];
    expect(entry && text.slice(entry.start, entry.end)).toBe("y = 'z'");
    expect(sections[0]?.entries[0]?.keys.map(({ start, end }) => text.slice(start, end))).toEqual(["b", "c"]);
  });

  it("reads any text, each part inside of it", () => {
    const piece = fc.constantFrom(
      "[",
      "[[",
      "]",
      "]]",
      "a",
      ".",
      "=",
      '"',
      "'",
      '"""',
      "'''",
      "{",
      "}",
      ",",
      "\n",
      " ",
      "#",
      "\\",
      "é",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join("");
        const { sections } = scanToml(text);
        expect(sections.at(-1)?.end).toBe(text.length);
        for (const [index, { start, end, entries }] of sections.entries()) {
          expect(start).toBe(sections[index - 1]?.end ?? 0);
          for (const entry of entries) {
            expect(entry.start).toBeGreaterThanOrEqual(start);
            expect(entry.end).toBeLessThanOrEqual(end);
          }
        }
      }),
    );
  });

  it("finds the tables where a parser finds them", () => {
    const header = fc
      .tuple(fc.array(fc.constantFrom("a", "b", '"c d"'), { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([keys, isElement]) => (isElement ? `[[${keys.join(".")}]]` : `[${keys.join(".")}]`));
    const entry = fc.constantFrom("k = 1", "k.l = [1, { m = 2 }]", 'n = "x"', "o = { p.q = [] }");
    fc.assert(
      fc.property(fc.array(fc.oneof(header, entry), { maxLength: 12 }), (lines) => {
        const text = lines.join("\n");
        let tree;
        try {
          tree = new TomlTree(text);
        } catch {
          return;
        }
        expect(scanToml(text).sections.map(({ path }) => path)).toEqual(tree.sections.map(({ path }) => path));
      }),
      { numRuns: 500 },
    );
  });

  // What takes more than a moment a megabyte would not end before the test's time is over.
  it("comes to an end with much that makes no sense", () => {
    for (const part of [
      "[",
      "{a=",
      "{\n",
      "{},\n[\n",
      '"',
      "'''",
      "a = [",
      "\\",
      "=,",
      "a = [1" + ",1".repeat(500_000),
    ]) {
      const text = part.repeat(Math.ceil(1_000_000 / part.length));
      expect(scanToml(text)).toBeDefined();
    }
  });
});
