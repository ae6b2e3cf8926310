import { describe, expect, it } from "vitest";
import { exampleContext } from "../example-city.ts";
import type { Completion } from "./completion.ts";
import { completionsAt } from "./completions.ts";

function complete(
  marked: string,
  file = "city.toml",
  others: Readonly<Record<string, string>> = {},
): readonly Completion[] {
  const { context, offset } = exampleContext(file, marked, others);
  return completionsAt(context, offset);
}

function labels(...args: Parameters<typeof complete>): readonly string[] {
  return complete(...args).map(({ label }) => label);
}

/** The text after a completion was chosen, with `$0`, `$1`… where the caret goes. */
function choose(
  marked: string,
  label: string,
  ...rest: [file?: string, others?: Readonly<Record<string, string>>]
): string {
  const found = complete(marked, ...rest).find((completion) => completion.label === label);
  if (!found) throw new Error(`${label} is not offered`);
  const text = marked.replace("|", "");
  const { insert, replace } = found;
  return text.slice(0, replace.start) + insert.replaceAll(/\\([\\$}])/gu, "$1") + text.slice(replace.end);
}

describe("completion of tables", () => {
  it("offers at a line's start the tables that are missing, and elements", () => {
    const offered = labels("[workspace]\nname = 'x'\n\n|");
    expect(offered).toEqual(
      expect.arrayContaining([
        "[session]",
        "[session.k8s]",
        "[[agent]]",
        "[[patches.agent]]",
        "[providers.…]",
        "[providers.claude]",
      ]),
    );
    expect(offered).not.toContain("[workspace]");
    expect(offered).not.toContain("[agents]");
    expect(offered).not.toContain("[agent.env]");
    expect(offered).not.toContain("[[rigs.overrides]]");
  });

  it("offers tables inside of an element only below one that lacks them", () => {
    expect(labels("[[agent]]\nname='a'\n[agent.env]\n[[agent]]\nname='b'\n|")).toContain("[agent.env]");
    expect(labels("[[agent]]\nname='a'\n[agent.env]\n|")).not.toContain("[agent.env]");
    expect(labels("[[rigs]]\nname='a'\n|")).toEqual(expect.arrayContaining(["[[rigs.overrides]]", "[rigs.imports.…]"]));
  });

  it.each([
    ["|", "[[agent]]", '[[agent]]\nname = "$1"\n'],
    ["[|]", "[[agent]]", '[[agent]]\nname = "$1"\n'],
    ["[[ag|]]", "[[agent]]", '[[agent]]\nname = "$1"\n'],
    ["[[ag|]]\nname = 'x'", "[[agent]]", "[[agent]]\nname = 'x'"],
    ["[sess|", "[session.k8s]", "[session.k8s]\n"],
    ["wor|", "[workspace]", "[workspace]\n"],
    ["|", "[imports.…]", '[imports.${1:name}]\nsource = "$2"\n'],
  ])("in %j, %s makes %j", (marked, label, text) => {
    expect(choose(marked, label)).toBe(text);
  });

  it("offers in each kind of file what may be there", () => {
    expect(labels("|", "pack.toml", { "city.toml": "" })).toEqual(expect.arrayContaining(["[pack]", "[[doctor]]"]));
    const inAgent = labels("|", "agents/x/agent.toml", { "city.toml": "" });
    expect(inAgent).toEqual(expect.arrayContaining(["[env]", "provider", "min_active_sessions"]));
    expect(inAgent).not.toContain("[workspace]");
  });
});

describe("completion in kubernetes.toml", () => {
  it("offers a table for each agent of the city", () => {
    const city = { "city.toml": '[[agent]]\nname = "a"\n[[agent]]\ndir = "app"\nname = "b"\n' };
    expect(choose("[agents.a]\n[|", "[agents.app/b]", "kubernetes.toml", city)).toBe('[agents.a]\n[agents."app/b"]\n');
    expect(labels("[agents.a]\n[|", "kubernetes.toml", city)).not.toContain("[agents.a]");
    expect(labels("[agents.a]\n|", "kubernetes.toml", city)).toEqual(
      expect.arrayContaining(["image", "node_selector"]),
    );
  });
});

describe("completion of keys", () => {
  it("offers the keys that are missing, the required first", () => {
    const offered = labels("[[agent]]\nprovider = 'x'\n|");
    expect(offered[0]).toBe("name");
    expect(offered).toContain("min_active_sessions");
    expect(offered).not.toContain("provider");
    expect(labels("[workspace]\nna|\nsuspended = true")).toContain("name");
  });

  it.each([
    ["[[agent]]\n|", "provider", '[[agent]]\nprovider = "$0"'],
    ["[[agent]]\nmin|", "min_active_sessions", "[[agent]]\nmin_active_sessions = $0"],
    ["[[agent]]\nmin| = 3", "min_active_sessions", "[[agent]]\nmin_active_sessions = 3"],
    ["[[agent]]\n|", "depends_on", '[[agent]]\ndepends_on = ["$0"]'],
    ["[[agent]]\n|", "env", "[[agent]]\nenv = { $0 }"],
    ["[[rigs]]\n[[rigs.overrides]]\npool = { |}", "on_boot", '[[rigs]]\n[[rigs.overrides]]\npool = { on_boot = "$0"}'],
    ["session.prov|", "provider", 'session.provider = "$0"'],
  ])("in %j, %s makes %j", (marked, label, text) => {
    expect(choose(marked, label)).toBe(text);
  });

  it("tells the type, the default and the meaning", () => {
    const found = complete("[daemon]\n|").find(({ label }) => label === "patrol_interval");
    expect(found).toMatchObject({ kind: "key", detail: "string, default 30s" });
    expect(found?.documentation).toMatch(/\w+ .+\./u);
  });

  it("offers a provider's options for option_defaults", () => {
    expect(labels('[[agent]]\nprovider = "codex"\noption_defaults = { | }')).toEqual([
      "permission_mode",
      "model",
      "sandbox",
      "effort",
    ]);
    expect(labels('[workspace]\nprovider = "claude"\n[[agent]]\n[agent.option_defaults]\n|')).toContain("effort");
    expect(labels("[[agent]]\nenv = { | }")).toEqual([]);
  });
});

describe("completion of values", () => {
  const agents = '[[agent]]\nname = "mayor"\n[[agent]]\nname = "coder"\ndir = "app"\n[providers.fast]\ncommand = "f"\n';

  it.each([
    ["[[agent]]\nscope = |", ["city", "rig"]],
    ['[[agent]]\nscope = "|"', ["city", "rig"]],
    ["[[agent]]\nsuspended = |", ["true", "false"]],
    ['[daemon]\npatrol_interval = "|"', ["30s"]],
    ["[daemon]\nmax_restarts = |", ["5"]],
    [`${agents}[[named_session]]\ntemplate = "|"`, ["mayor"]],
    [`${agents}[[named_session]]\ndir = "app"\ntemplate = "|"`, ["coder"]],
    [`${agents}[[agent]]\nname = "x"\ndepends_on = ["mayor", "|"]`, ["app/coder"]],
    [`${agents}[[patches.agent]]\nname = "|"`, ["mayor"]],
    ['[[rigs]]\nname = "app"\n[[agent]]\ndir = "|"', ["app"]],
    ['[[agent]]\nname = "a"\n[[orders.overrides]]\npool = "|"', ["a"]],
    ['[packs.tools]\nsource = "x"\n[workspace]\nincludes = ["|"]', ["tools"]],
    ['[[agent]]\nprovider = "codex"\noption_defaults = { sandbox = "|" }', ["read-only", "network-off"]],
  ])("offers in %j: %j", (marked, values) => {
    expect(labels(marked)).toEqual(values);
  });

  it("offers providers, those of the city before the built-in ones", () => {
    const offered = labels(`${agents}[[agent]]\nprovider = "|"`);
    expect(offered.slice(0, 3)).toEqual(["fast", "claude", "codex"]);
  });

  it("knows agents of packs by the names that they have where they are asked for", () => {
    const others = {
      "city.toml":
        '[imports.tools]\nsource = "packs/tools"\n[[rigs]]\nname = "app"\npath = "app"\n[rigs.imports.tools]\nsource = "packs/tools"\n',
      "packs/tools/pack.toml":
        '[pack]\nname = "tools"\nschema = 2\n[[agent]]\nname = "helper"\nscope = "city"\n[[agent]]\nname = "coder"\nscope = "rig"\n',
    };
    const city = others["city.toml"];
    expect(labels(`${city}[[agent]]\nname = "a"\ndepends_on = ["|"]`, "city.toml", others)).toEqual([
      "tools.helper",
      "app/tools.coder",
    ]);
    const pack = others["packs/tools/pack.toml"];
    expect(labels(`${pack}[[agent]]\nname = "b"\ndepends_on = ["|"]`, "packs/tools/pack.toml", others)).toEqual([
      "helper",
      "coder",
    ]);
  });

  it.each([
    ["[[agent]]\nprovider =|", "claude", '[[agent]]\nprovider = "claude"'],
    ["[[agent]]\nprovider = |", "claude", '[[agent]]\nprovider = "claude"'],
    ["[[agent]]\nprovider = cl|", "claude", '[[agent]]\nprovider = "claude"'],
    ['[[agent]]\nprovider = "cl|', "claude", '[[agent]]\nprovider = "claude"'],
    ['[[agent]]\nprovider = "c|odex" # x', "claude", '[[agent]]\nprovider = "claude" # x'],
    ["[[agent]]\nprovider = 'c|'", "claude", "[[agent]]\nprovider = 'claude'"],
    ["[[agent]]\nsuspended = t|", "true", "[[agent]]\nsuspended = true"],
  ])("in %j, %s makes %j", (marked, label, text) => {
    expect(choose(marked, label)).toBe(text);
  });

  it.each(["[[agent]]\n# name = |", '[[agent]]\nnudge = """|"""', "[nonsense]\n|x = 1", "[[agent]]\nnonsense = |"])(
    "offers no key or value in %j",
    (marked) => {
      expect(complete(marked).filter(({ kind }) => kind !== "table")).toEqual([]);
    },
  );
});
