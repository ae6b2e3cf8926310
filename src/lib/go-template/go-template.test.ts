import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyCharacter } from "../../../test/any-character.ts";
import { executeTemplate } from "./execute-template.ts";
import { parseTemplate } from "./parse-template.ts";
import { TemplateError } from "./template-error.ts";
import type { Template, TemplateValue } from "./template-node.ts";

interface Row {
  readonly template: string;
  readonly missing: "empty" | "error";
  /** What Go's own text/template makes of it; absent when it refuses. */
  readonly want?: string;
}
const fixture = join(import.meta.dirname, "../../../test/fixtures/go-template/rows.json");
const { data, rows } = JSON.parse(readFileSync(fixture, "utf8")) as {
  data: Record<string, string>;
  rows: readonly Row[];
};

/** What Go takes and this subset refuses: the data as a whole, characters, other numbers than ints, nil. */
const unsupported: ReadonlySet<string> = new Set(
  "{{.}}|{{$}}|{{'a'}}|{{1.5}}|{{0x10}}|{{1_000}}|{{.9}}|{{index .City 0}}|{{print nil}}|{{eq nil nil}}"
    .split("|")
    .concat("{{.City |}}"),
);

const functions = {
  cmd: () => "gc",
  basename: (...values: readonly TemplateValue[]) => {
    const [value] = values;
    if (values.length !== 1 || typeof value !== "string") throw new Error("it takes one string");
    return value.slice(value.lastIndexOf("/") + 1);
  },
};

function fill(text: string, missing: Row["missing"] = "empty", more: readonly string[] = []): string {
  const templates = new Map<string, Template>();
  for (const other of more) parseTemplate("prompt", other, templates, functions);
  parseTemplate("prompt", text, templates, functions);
  return executeTemplate(templates, "prompt", { data, missing, functions });
}

describe("Go templates", () => {
  it.each(rows.filter((row) => row.want !== undefined && !unsupported.has(row.template)))(
    "are filled as Go fills them: $template",
    (row) => {
      expect(fill(row.template, row.missing)).toBe(row.want);
    },
  );

  it.each(rows.filter((row) => row.want === undefined || unsupported.has(row.template)))(
    "are refused with a place: $template",
    (row) => {
      expect(() => fill(row.template, row.missing)).toThrow(/^line \d+, column \d+: ./u);
    },
  );

  it.each([
    ["a\n{{.City", "line 2, column 1: this action is never closed by }}"],
    ["a\n b {{nope .City}}", 'line 2, column 6: there is no function "nope"'],
    [
      "{{range .City}}x{{end}}",
      "line 1, column 1: {{range}} is not supported: every value here is a string, there is no list",
    ],
    ["{{if .City}}", "line 1, column 1: {{if}} needs its own {{end}}"],
    ['{{template "other" .}}', 'line 1, column 1: there is no template "other"'],
    ["{{$x}}", "line 1, column 3: the variable $x is not defined"],
  ])("say what is wrong with %s", (text, message) => {
    expect(() => fill(text)).toThrow(message);
  });

  it("name the values there are when one is missing", () => {
    expect(() => fill("{{.Nope}}", "error")).toThrow("line 1, column 3: there is no .Nope; there are .Agent, .City,");
  });

  it("let a later text replace what an earlier one defines, unless it is blank", () => {
    const shared = '{{define "rules"}}be good{{end}}{{define "bye"}}bye{{end}}';
    const own = '{{define "rules"}}be quick{{end}}{{define "bye"}} {{end}}{{template "rules"}}, {{template "bye"}}';
    expect(fill(own, "empty", [shared])).toBe("be quick, bye");
  });

  it("end, whoever calls whom", () => {
    const two = '{{define "t"}}{{template "t"}}{{template "t"}}{{end}}{{template "t"}}';
    const tower = Array.from({ length: 20 }, (_, level) => {
      const call = level === 0 ? "x" : `{{template "t${level - 1}"}}`.repeat(10);
      return `{{define "t${level}"}}${call}{{end}}`;
    });
    expect(() => fill(two)).toThrow("calls itself without end");
    expect(() => fill(`${tower.join("")}{{template "t19"}}`)).toThrow("calls itself without end");
    expect(() => fill("{{if true}}".repeat(50_000))).toThrow("nested too deeply");
    expect(() => fill(`{{${"(".repeat(50_000)}}}`)).toThrow("nested too deeply");
  });

  it("come to an end with a megabyte of blanks and of braces", () => {
    expect(fill(`${" ".repeat(1_000_000)}{{- .City}}`)).toBe("demo");
    expect(() => fill("{{/*".repeat(250_000))).toThrow(TemplateError);
    expect(() => fill("{{ ".repeat(300_000))).toThrow(TemplateError);
  });

  it("throw nothing but TemplateError, whatever the text", () => {
    const part = fc.oneof(
      fc.constantFrom("{{", "}}", "{{-", "-}}", " ", ".", ".City", "$", "$x", ":=", "=", "|", "(", ")", "if", "else"),
      fc.constantFrom("end", "with", "define", "template", "block", '"t"', "`", '"', "eq", "printf", "/*", "*/", "3"),
      fc.string({ unit: anyCharacter, maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 24 }), (parts) => {
        try {
          fill(parts.join(""));
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("leave text without actions as it is", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter }).filter((text) => !text.includes("{{")),
        (text) => {
          expect(fill(text)).toBe(text);
        },
      ),
    );
  });
});
