import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import type { Range } from "../diagnostic.ts";
import type { TomlPath } from "./toml-path.ts";
import { tomlRanges } from "./toml-ranges.ts";

function sliceOf(text: string, { start, end }: Range): string {
  const lines = text.split("\n");
  const offset = (line: number): number => lines.slice(0, line).join("\n").length + (line > 0 ? 1 : 0);
  return text.slice(offset(start.line) + start.character, offset(end.line) + end.character);
}

function* leavesOf(value: unknown, path: TomlPath = []): Generator<[TomlPath, unknown]> {
  if (typeof value !== "object" || value === null || value instanceof Date) yield [path, value];
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* leavesOf(item, [...path, index]);
  else for (const [key, item] of Object.entries(value)) yield* leavesOf(item, [...path, key]);
}

const fixtures = join(import.meta.dirname, "../../../test/fixtures/vectors/config");
const files = readdirSync(fixtures, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".toml") && !file.includes("invalid-syntax"))
  .map((file) => [file, readFileSync(join(fixtures, file), "utf8")] as const);

const tricky = `\uFEFFa . "b c".'d' = 1 # x = 2
e = [ 1, [ "x]" , 'y' ], # ]
  { f = "}", g.h = [ true ] }, """
three""" ]
"i\\u006a" = '''
'' \\'''
[ k . l ]
m = 1979-05-27 07:32:00
n = +1_000
[[k.o]]
p = inf
[k.o.q]
r = "\\"#\\\\"
[[k.o]]
[k."".s]
t = { }
u = []
__proto__ = "v"
`;

describe.each([...files, ["tricky", tricky] as const, ["tricky with CRLF", tricky.replaceAll("\n", "\r\n")] as const])(
  "ranges of %s",
  (_, text) => {
    it("lead to each value and to its key", () => {
      const ranges = tomlRanges(text);
      for (const [path, value] of leavesOf(parse(text))) {
        expect(parse(`x = ${sliceOf(text, ranges.valueAt(path))}`)).toEqual({ x: value });
        if (typeof path.at(-1) === "number") continue;
        const [key] = leavesOf(parse(`${sliceOf(text, ranges.keyAt(path))} = true`));
        expect(path.slice(-(key?.[0].length ?? 0))).toEqual(key?.[0]);
      }
    });
  },
);

const nested = 'rigs.r.path = "x"\n[workspace]\n[[agent]]\nname = "a"\n[[ agent ]]\nname = "b"\n';

it.each<[TomlPath, string, string]>([
  [["workspace"], "workspace", "workspace"],
  [["agent"], "agent", "agent"],
  [["agent", 1, "name"], "name", '"b"'],
  [["agent", 1, "missing", "x"], "agent", "agent"],
  [["agent", 1, "Name"], "name", '"b"'],
  [["rigs", "r"], "rigs.r.path", "rigs.r.path"],
  [["rigs", "r", "path"], "rigs.r.path", '"x"'],
  [["nothing"], "r", "r"],
])("the place of %j is its own or that of the nearest table around it", (path, key, value) => {
  const ranges = tomlRanges(nested);
  expect([sliceOf(nested, ranges.keyAt(path)), sliceOf(nested, ranges.valueAt(path))]).toEqual([key, value]);
});
