import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { applyEdits } from "../../edit/toml/text-edit.ts";
import type { Position } from "../../diagnostic.ts";
import { validateCity } from "../../validate/validate-city.ts";
import { diagnoseFindings } from "../../validate/diagnose-findings.ts";
import { exampleContext, exampleRoot } from "../example-city.ts";
import { quickFixes } from "./quick-fixes.ts";

/** All fixes of all that is wrong with one file of a city: their titles, the best marked with `*`, and what they make. */
function fixes(
  file: string,
  text: string,
  others: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const { context } = exampleContext(file, text, others);
  const { composed } = context;
  if (!composed) throw new Error("There is no city");
  const findings = [...composed.findings, ...[...composed.sources.read.values()].flatMap(({ findings }) => findings)];
  const diagnostics = diagnoseFindings([...new Set([...findings, ...validateCity(composed)])], composed.sources.read);
  const lines = text.split("\n");
  const offsetOf = ({ line, character }: Position): number =>
    lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0) + character;
  const own = diagnostics.filter((diagnostic) => diagnostic.file === posix.join(exampleRoot, file));
  return Object.fromEntries(
    own.flatMap(({ code = "", range: { start, end } }) => {
      const span = { start: offsetOf(start), end: offsetOf(end) };
      return quickFixes(context, { code, span }).map(({ title, edits, isPreferred }) => [
        `${title}${isPreferred ? " *" : ""}`,
        applyEdits(text, edits),
      ]);
    }),
  );
}

describe("quickFixes", () => {
  it("names the known key that an unknown one looks like, or takes it away", () => {
    const text = '[[agent]]\nname = "a" # one\nnugde = "x"\nstart_command = "sh"\n';
    expect(fixes("city.toml", text)).toEqual({
      'Change "nugde" to "nudge" *': text.replace("nugde", "nudge"),
      'Remove "nugde"': text.replace('nugde = "x"\n', ""),
    });
  });

  it("renames a table in all of its headers", () => {
    const text = '[[agnet]]\nname = "a"\n[agnet.env]\nA = "1"\n[[agnet]]\nname = "b"\n';
    expect(fixes("city.toml", text)['Change "agnet" to "agent" *']).toBe(text.replaceAll("agnet", "agent"));
  });

  it("knows keys that are named otherwise", () => {
    const text = 'install_hooks = ["claude"]\n';
    const city = { "city.toml": "", "pack.toml": '[pack]\nname = "x"\nschema = 2\n' };
    expect(fixes("agents/a/agent.toml", text, city)['Change "install_hooks" to "install_agent_hooks" *']).toBe(
      'install_agent_hooks = ["claude"]\n',
    );
  });

  it("rewrites old forms", () => {
    expect(fixes("city.toml", '[agents] # all\nmodel = "x"\n')['Change "agents" to "agent_defaults" *']).toBe(
      '[agent_defaults] # all\nmodel = "x"\n',
    );
    expect(fixes("city.toml", "[daemon]\ngraph_workflows = true\n")['Change "graph_workflows" to "formula_v2" *']).toBe(
      "[daemon]\nformula_v2 = true\n",
    );
    expect(fixes("city.toml", '[[agents]]\nname = "a"\n')['Change "agents" to "agent" *']).toBe(
      '[[agent]]\nname = "a"\n',
    );
    expect(fixes("city.toml", '[[agent]]\nname = "a"\nskills = ["x"]\n')).toEqual({
      'Remove "skills"': '[[agent]]\nname = "a"\n',
    });
  });

  it("writes a pool as the keys of today", () => {
    const title = "Write pool as the keys of today *";
    expect(fixes("city.toml", '[[agent]]\nname = "a"\n[agent.pool] # two\nmin = 1\nmax = 2\n')[title]).toBe(
      '[[agent]]\nname = "a"\nmin_active_sessions = 1\nmax_active_sessions = 2\n',
    );
    const patch = '[[agent]]\nname = "a"\n[[patches.agent]]\nname = "a"\npool = { max = 2, on_boot = "x" }\n';
    expect(fixes("city.toml", patch)[title]).toBe(
      patch.replace('{ max = 2, on_boot = "x" }\n', '{ on_boot = "x" }\nmax_active_sessions = 2\n'),
    );
  });

  it("names what a wrong reference looks like", () => {
    const agents = '[[agent]]\nname = "mayor"\nprovider = "claude"\n[[agent]]\nname = "coder"\n';
    const wrong = `${agents}provider = "cluade"\ndepends_on = ["mayr"]\n[[named_session]]\ntemplate = "codre"\n[[patches.agent]]\nname = "majors"\n`;
    const found = fixes("city.toml", wrong);
    expect(found['Change "cluade" to "claude" *']).toBe(wrong.replace("cluade", "claude"));
    expect(found['Change "mayr" to "mayor" *']).toBe(wrong.replace("mayr", "mayor"));
    expect(found['Change "codre" to "coder" *']).toBe(wrong.replace("codre", "coder"));
    expect(found['Change "majors" to "mayor" *']).toBe(wrong.replace("majors", "mayor"));
  });

  it.each([
    ["[workspace]\nsuspended = 'yes'\n", 'Change "yes" to true *', "[workspace]\nsuspended = true\n"],
    ['[daemon]\nmax_restarts = "5"\n', "Write 5 *", "[daemon]\nmax_restarts = 5\n"],
    ["[workspace]\nname = 7\n", 'Write "7" *', '[workspace]\nname = "7"\n'],
    ['[workspace]\nincludes = "a"\n', 'Change "a" to ["a"] *', '[workspace]\nincludes = ["a"]\n'],
    [
      "[[agent]]\nname = 'a'\nscope = 'citi'\n",
      'Change "citi" to "city" *',
      "[[agent]]\nname = 'a'\nscope = \"city\"\n",
    ],
    ["[[agent]]\nprovider = 'claude'\n", 'Add "name" *', "[[agent]]\nprovider = 'claude'\nname = \"\"\n"],
  ])("mends %j by %s", (text, title, mended) => {
    expect(fixes("city.toml", text)[title]).toBe(mended);
  });

  it("has none for what only its author can know", () => {
    expect(fixes("city.toml", "[workspace\n")).toEqual({});
    expect(fixes("city.toml", '[[agent]]\nname = "a b"\n')).toEqual({});
  });
});
