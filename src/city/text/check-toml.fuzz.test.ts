import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { agentFile } from "../schema/agent.ts";
import { cityTables } from "../schema/city-tables.ts";
import { kubernetesTables } from "../schema/kubernetes-tables.ts";
import { packTables } from "../schema/pack-tables.ts";
import { checkToml } from "./check-toml.ts";
import { tomlRanges } from "./toml-ranges.ts";
import { fuzzRuns } from "../../../test/fuzz-runs.ts";

const runs = fuzzRuns();
const schemas = { city: cityTables, pack: packTables, agent: agentFile, kubernetes: kubernetesTables };

/** What breaks readers: brackets and quotes, what stands for itself in JavaScript, numbers, text that is none. */
const pieces = [
  ...Array.from("[]{}\"'=.,#\\\0\r\t\n-é😀"),
  "'''",
  '"""',
  "[[",
  "\\u12",
  "\r\n",
  "\ud800",
  "\ufeff",
  "__proto__",
  "constructor",
  "1e999",
  "5.0",
  "9223372036854775807",
  "0x",
  "1979-05-27",
  '""',
  "true",
  "NAME",
];

const change = fc.tuple(
  fc.nat(),
  fc.nat(20),
  fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 }), fc.constant(undefined)),
);

/** A real file in which some places were cut out, written over or doubled. */
const mutated = fc
  .tuple(fc.constantFrom(...corpus()), fc.array(change, { minLength: 1, maxLength: 6 }))
  .map(([text, changes]) =>
    changes.reduce((changed, [place, length, piece]) => {
      const start = place % (changed.length + 1);
      const end = start + length;
      return changed.slice(0, start) + (piece ?? changed.slice(start, end).repeat(2)) + changed.slice(end);
    }, text),
  );

function corpus(): string[] {
  const root = join(import.meta.dirname, "../../..");
  return ["media/sample-city", "test/fixtures/vectors/config"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".toml"))
      .map((file) => readFileSync(join(root, folder, file), "utf8")),
  );
}

function isWritten(table: unknown, path: readonly PropertyKey[]): boolean {
  const value = path.reduce<unknown>((parent, key) => (parent as Record<PropertyKey, unknown>)[key], table);
  return value !== undefined;
}

it(
  "says of any text what is wrong with it, at a place within it",
  () => {
    fc.assert(
      fc.property(mutated, fc.constantFrom(...(Object.keys(schemas) as (keyof typeof schemas)[])), (text, file) => {
        const schema = schemas[file];
        const { table, problems } = checkToml(text, schema);
        const ranges = tomlRanges(text);
        const lines = text.split("\n");
        for (const { path, range } of problems) {
          for (const { start, end } of range ? [range] : [ranges.valueAt(path), ranges.keyAt(path)]) {
            const isOrdered = start.line < end.line || (start.line === end.line && start.character <= end.character);
            if (!isOrdered || end.line >= lines.length || end.character > Math.max(1, lines[end.line]?.length ?? 0)) {
              throw new Error(`${JSON.stringify({ path, start, end })} is not in the text`);
            }
          }
        }
        if ((table === undefined) !== problems.some(({ code }) => code === "syntax"))
          throw new Error("no table, no reason");
        const left = (table && schema.safeParse(table).error?.issues) ?? [];
        const unusable = left.find(
          ({ code, path }) => code === "unrecognized_keys" || (code === "invalid_type" && isWritten(table, path)),
        );
        if (unusable) throw new Error(`still there: ${JSON.stringify(unusable)}`);
        if (Object.keys(Object.prototype).length > 0) throw new Error("a prototype has changed");
      }),
      { numRuns: runs },
    );
  },
  runs * 20,
);

it.each([
  ["brackets", "[".repeat(1_000_000)],
  ["one line", "x".repeat(1_000_000)],
  ["a long string", `a = "${"y".repeat(1_000_000)}`],
  ["many keys", Array.from({ length: 20_000 }, (_, index) => `key${index} = 1`).join("\n")],
  ["deep tables", `a = ${"{a=".repeat(100_000)}`],
  ["dotted keys", `${"a.".repeat(100_000)}b = 1`],
  ["numbers that should be texts", `include = [${"1,".repeat(200_000)}]`],
  ["empty agents", "[[agent]]\n".repeat(20_000)],
  ["many digits", `x = ${"1".repeat(1_000_000)}`],
])("survives endless %s", (_, text) => {
  const { problems } = checkToml(text, cityTables);
  const ranges = tomlRanges(text);
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.length).toBeLessThanOrEqual(1001);
  for (const { path, range } of problems) expect(range ?? ranges.keyAt(path)).toBeDefined();
});
