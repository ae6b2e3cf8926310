import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import { fixtureCities, fixtureFiles, fixtureRoot } from "../../test/fixture-cities.ts";
import { diskFiles } from "./files/disk-files.ts";
import { memoryFiles } from "./files/memory-files.ts";
import { loadCity, type LoadedCity } from "./load-city.ts";
import { fuzzRuns } from "../../test/fuzz-runs.ts";

type Texts = Readonly<Record<string, string>>;

const cities = fixtureCities().map(fixtureFiles);
const values = [
  '""',
  "0",
  "-1",
  "9223372036854775808",
  "nan",
  "true",
  "1979-05-27",
  "[]",
  '[""]',
  '["../.."]',
  "{}",
  '{ "__proto__" = "x" }',
  '"."',
  '"/"',
  '"../../../.."',
  '"packs/../packs/./base"',
  '"https://example.invalid/x.git//../y#z"',
  '"{{.Nothing}}"',
  '"\\u0000"',
];

/** What happens to a city: where, as a share of its files and of a file's lines, and what. */
const change = fc.record({
  file: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  line: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  other: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  kind: fc.constantFrom("remove line", "repeat line", "move line", "change value", "change value", "remove file"),
});
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function changed(texts: Texts, { file, line, other, kind }: Change): Texts {
  const paths = Object.keys(texts).filter((path) => path.endsWith(".toml"));
  const path = pick(paths, file);
  if (path === undefined) return texts;
  if (kind === "remove file") return Object.fromEntries(Object.entries(texts).filter(([name]) => name !== path));
  const lines = (texts[path] ?? "").split("\n");
  const at = Math.floor(line * lines.length);
  const old = lines[at] ?? "";
  if (kind === "remove line") lines.splice(at, 1);
  else if (kind === "repeat line") lines.splice(at, 0, old);
  else if (kind === "move line") lines.splice(Math.floor(other * lines.length), 0, ...lines.splice(at, 1));
  else lines[at] = old.replace(/=.*/u, () => `= ${pick(values, other)}`);
  return { ...texts, [path]: lines.join("\n") };
}

function pick<Value>(values: readonly Value[], share: number): Value | undefined {
  return values[Math.floor(share * values.length)];
}

function expectSoundCity({ city, diagnostics }: LoadedCity, texts: Texts): void {
  expect(city === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
  for (const { file, range, message } of diagnostics) {
    const lines = texts[file]?.split("\n");
    // What is said of a file that is not there has no place in it.
    if (!lines) continue;
    const last = lines[range.end.line];
    expect(last, message).toBeDefined();
    expect(range.start.line, message).toBeLessThanOrEqual(range.end.line);
    expect(range.end.character, message).toBeLessThanOrEqual(last?.length ?? 0);
    if (range.start.line === range.end.line)
      expect(range.start.character, message).toBeLessThanOrEqual(range.end.character);
  }
}

const runs = fuzzRuns(0.15);

it(
  "gives a city or an error, and points inside its files, whatever happens to them",
  () => {
    const load = (texts: Texts): LoadedCity =>
      loadCity({ root: fixtureRoot, files: memoryFiles(texts), env: { HOME: `${fixtureRoot}/.home` } });
    fc.assert(
      fc.property(fc.constantFrom(...cities), fc.array(change, { minLength: 1, maxLength: 8 }), (city, changes) => {
        const texts = changes.reduce(changed, city);
        expectSoundCity(load(texts), texts);
      }),
      { numRuns: runs },
    );
  },
  30_000 + runs * 100,
);

it("ends where links lead in circles", () => {
  const root = mkdtempSync(join(tmpdir(), "circles-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const pack = '[pack]\nname = "p"\nschema = 1\nincludes = ["up/p"]\n[[agent]]\nname = "a"\n';
  const city = '[workspace]\nincludes = ["p"]\n[[rigs]]\nname = "r"\npath = "r"\nincludes = ["p/up/p"]\n';
  for (const folder of ["p", "agents"]) mkdirSync(join(root, folder));
  writeFileSync(join(root, "city.toml"), city);
  writeFileSync(join(root, "p/pack.toml"), pack);
  symlinkSync("..", join(root, "p/up"));
  symlinkSync("..", join(root, "agents/up"));
  const { city: loaded, diagnostics } = loadCity({ root, files: diskFiles, env: {} });
  expect(loaded).toBeUndefined();
  expect(diagnostics.map(({ code }) => code)).toContain("missing-pack");
});
