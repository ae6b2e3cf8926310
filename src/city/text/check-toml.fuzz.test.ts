import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cityTables } from "../schema/city-tables.ts";
import { tomlRanges } from "./toml-ranges.ts";
import { checkToml } from "./check-toml.ts";

const sample = readFileSync(join(import.meta.dirname, "../../../media/sample-city/city.toml"), "utf8");
const pieces = [
  "[",
  "]",
  "{",
  "}",
  '"',
  "'''",
  '"""',
  "=",
  ".",
  ",",
  "#",
  "\\",
  "\\u12",
  "\0",
  "\r",
  "\r\n",
  "\t",
  "\ud800",
  "\ufeff",
  "__proto__",
  "constructor",
  "1e999",
  "0x",
  "1979-05-27",
  "-",
  "é",
  "😀",
];

/** A real file in which some places were cut out, doubled or written over. */
const mutated = fc
  .tuple(
    fc.constantFrom(...corpus()),
    fc.array(fc.tuple(fc.nat(), fc.nat(20), fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 }))), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([text, changes]) =>
    changes.reduce((changed, [place, length, piece]) => {
      const start = place % (changed.length + 1);
      return changed.slice(0, start) + piece + changed.slice(start + length);
    }, text),
  );

function corpus(): string[] {
  const folder = join(import.meta.dirname, "../../../test/fixtures/vectors/config");
  try {
    return [sample, ...readdirSync(folder).map((name) => readFileSync(join(folder, name, "city.toml"), "utf8"))];
  } catch {
    return [sample];
  }
}

it("says of any text what is wrong with it, at a place within it", () => {
  fc.assert(
    fc.property(mutated, (text) => {
      const { table, problems } = checkToml(text, cityTables);
      const ranges = tomlRanges(text);
      const lines = text.split("\n");
      for (const { path, range } of problems) {
        const { start, end } = range ?? ranges.valueAt(path);
        expect(end.line).toBeLessThan(lines.length);
        expect(end.character).toBeLessThanOrEqual(Math.max(1, lines[end.line]?.length ?? 0));
        expect(start.line < end.line || (start.line === end.line && start.character <= end.character)).toBe(true);
      }
      expect(table === undefined).toBe(problems.some(({ code }) => code === "syntax"));
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: Number(process.env["GASCITY_FUZZ_RUNS"] ?? 5000) },
  );
});

it.each([
  ["brackets", "[".repeat(1_000_000)],
  ["one line", "x".repeat(1_000_000)],
  ["a long string", `a = "${"y".repeat(1_000_000)}`],
  ["many keys", Array.from({ length: 60_000 }, (_, index) => `key${index} = 1`).join("\n")],
  ["deep tables", `a = ${"{a=".repeat(100_000)}`],
  ["dotted keys", `${"a.".repeat(300_000)}b = 1`],
])("survives a megabyte of %s", (_, text) => {
  const { problems } = checkToml(text, cityTables);
  expect(problems.length).toBeGreaterThan(0);
});
