import fc from "fast-check";
import { expect, it } from "vitest";
import { memoryFiles } from "../files/memory-files.ts";
import { agentTables } from "./agent-tables.ts";
import { completionsAt } from "./completion/completions.ts";
import { documentSymbols } from "./document-symbols.ts";
import { quickFixes } from "./fixes/quick-fixes.ts";
import { hoverAt } from "./hover.ts";
import { LanguageCity } from "./language-city.ts";
import { definitionsAt, referencesAt } from "./locations.ts";
import { agentToRenameAt } from "./rename.ts";
import { fuzzRuns } from "../../../test/fuzz-runs.ts";

const file = "/city/city.toml";
const city = `include = ["more.toml"]
[workspace]
provider = "fast"
[[agent]]
name = "mayor"
depends_on = ["tools.helper", "scribe"]
option_defaults = { model = "x" }
[agent.env]
A = "1"
[[named_session]]
template = "mayor"
[imports.tools]
source = "packs/tools"
[[rigs]]
name = "app"
path = "app"
[[rigs.overrides]]
agent = "coder"
pool = { max = 2 }
[providers.fast]
command = "f"
[[patches.agent]]
name = "mayor"
`;
const pack = '[pack]\nname = "tools"\nschema = 2\n[[agent]]\nname = "helper"\n[[agent]]\nname = "coder"\n';

/** Something that a person, or a program gone wrong, does to a text. */
const mutation = fc.record({
  at: fc.nat(city.length),
  removed: fc.integer({ min: 0, max: 12 }),
  added: fc.oneof(
    fc.constantFrom(
      "[",
      "[[",
      "]",
      "=",
      '"',
      "'",
      '"""',
      "{",
      "}",
      "\n",
      "\r\n",
      "#",
      ",",
      ".",
      "__proto__",
      "constructor = {}",
      "\0",
      "\uD800",
      "[[agent]]\n",
      "[agent]\n",
      "agent = 1\n",
      "name = [",
      "😀",
    ),
    fc.string({ unit: "binary", maxLength: 6 }),
  ),
});

const runs = fuzzRuns(0.03);

it(
  "answers everything about any text, with places inside of it",
  () => {
    const language = new LanguageCity({
      root: "/city",
      files: memoryFiles({ [file]: city, "/city/more.toml": "", "/city/packs/tools/pack.toml": pack }),
      env: {},
    });
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 4 }), fc.nat(400), (mutations, place) => {
        let text = city;
        for (const { at, removed, added } of mutations) text = text.slice(0, at) + added + text.slice(at + removed);
        language.setUnsaved(new Map([[file, text]]));
        const context = language.contextOf(file);
        if (!context) throw new Error("The city has lost its own file");
        const offset = Math.min(place, text.length);
        const inside = ({ start, end }: { start: number; end: number }): void => {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(text.length);
        };
        for (const { replace } of completionsAt(context, offset)) inside(replace);
        const hover = hoverAt(context, offset);
        if (hover) inside(hover.span);
        const locations = [...definitionsAt(context, offset), ...referencesAt(context, offset, true)];
        for (const location of locations) if (location.file === file) inside(location.span);
        for (const { span } of agentTables(context)) inside(span);
        for (const { range } of documentSymbols(context.file.toml)) inside(range);
        const renamed = agentToRenameAt(context, offset);
        if (renamed) inside(renamed.span);
        for (const code of ["unknown-key", "deprecated", "no-effect", "type", "value", "reference"]) {
          const span = { start: offset, end: Math.min(offset + 4, text.length) };
          for (const { edits } of quickFixes(context, { code, span })) edits.forEach(inside);
        }
      }),
      { numRuns: runs },
    );
  },
  30_000 + runs * 100,
);
