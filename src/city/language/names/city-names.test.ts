import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { exampleContext, exampleRoot } from "../example-city.ts";
import type { WrittenName } from "./written-name.ts";

const city = `[workspace]
provider = "fast"
[[agent]]
name = "mayor"
provider = "codex"
depends_on = ["tools.helper", "app/tools.coder", "scribe"]
[[agent]]
name = "smith"
dir = "app"
[[named_session]]
template = "mayor"
[[named_session]]
template = "smith"
dir = "app"
[imports.tools]
source = "packs/tools"
[[rigs]]
name = "app"
path = "app"
default_sling_target = "smith"
[rigs.imports.tools]
source = "packs/tools"
[[rigs.overrides]]
agent = "coder"
provider = "fast"
[providers.fast]
command = "f"
[providers.fast.env]
A = "1"
[[patches.agent]]
dir = "app"
name = "smith"
[[patches.providers]]
name = "codex"
`;
const pack = `[pack]
name = "tools"
schema = 2
[[agent]]
name = "coder"
scope = "rig"
[[agent]]
name = "helper"
scope = "city"
depends_on = ["second"]
[[agent]]
name = "second"
scope = "city"
[[named_session]]
template = "helper"
scope = "city"
`;
const files = {
  "city.toml": city,
  "pack.toml": '[pack]\nname = "own"\nschema = 2\n',
  "packs/tools/pack.toml": pack,
  "agents/scribe/agent.toml": 'depends_on = ["mayor"]\n',
  "kubernetes.toml": '[agents."app/smith"]\nimage = "x:1"\n',
  "agents/clerk/prompt.md": "You keep the files.",
};

/** The first name that stands at this text of a file, and the names of its city. */
function nameAt(file: keyof typeof files, line: string, part = /"(.+?)"/u.exec(line)?.[1] ?? line) {
  const text = files[file];
  const { context } = exampleContext(file, text, files);
  const offset = text.indexOf(line) + line.indexOf(part) + 1;
  const name = context.names().at(posix.join(exampleRoot, file), offset);
  if (!name) throw new Error(`There is no name at ${line}`);
  return { name, names: context.names() };
}

/** Where names stand: file and line. */
function places(names: readonly WrittenName[]): readonly string[] {
  return names.map(({ file, path, span }) => {
    const relative = posix.relative(exampleRoot, file);
    const text = Object.entries(files).find(([path]) => path === relative)?.[1] ?? "";
    return `${relative}: ${text.slice(span.start, span.end) || "the file"} at ${path.join(".")}`;
  });
}

describe("CityNames", () => {
  it.each<[file: keyof typeof files, line: string, definition: string]>([
    ["city.toml", 'template = "mayor"', "city.toml: mayor at agent.0.name"],
    ["city.toml", 'template = "smith"', "city.toml: smith at agent.1.name"],
    ["city.toml", '"tools.helper"', "packs/tools/pack.toml: helper at agent.1.name"],
    ["city.toml", '"app/tools.coder"', "packs/tools/pack.toml: coder at agent.0.name"],
    ["city.toml", '"scribe"', "agents/scribe/agent.toml: the file at "],
    ["city.toml", 'agent = "coder"', "packs/tools/pack.toml: coder at agent.0.name"],
    ["city.toml", 'default_sling_target = "smith"', "city.toml: smith at agent.1.name"],
    ["city.toml", 'dir = "app"', "city.toml: app at rigs.0.name"],
    ["city.toml", 'provider = "fast"', "city.toml: fast at providers.fast"],
    ["packs/tools/pack.toml", 'template = "helper"', "packs/tools/pack.toml: helper at agent.1.name"],
    ["packs/tools/pack.toml", '"second"', "packs/tools/pack.toml: second at agent.2.name"],
    ["agents/scribe/agent.toml", '"mayor"', "city.toml: mayor at agent.0.name"],
    ["kubernetes.toml", '"app/smith"', "city.toml: smith at agent.1.name"],
  ])("finds in %s for %s the definition %s", (file, line, definition) => {
    const { name, names } = nameAt(file, line);
    expect(places(names.definitionsOf(name))).toEqual([definition]);
  });

  it.each<[file: keyof typeof files, line: string, references: readonly string[]]>([
    [
      "city.toml",
      'name = "mayor"',
      ["city.toml: mayor at named_session.0.template", "agents/scribe/agent.toml: mayor at depends_on.0"],
    ],
    [
      "city.toml",
      'name = "smith"',
      [
        "city.toml: smith at named_session.1.template",
        "city.toml: smith at rigs.0.default_sling_target",
        "city.toml: smith at patches.agent.0.name",
        'kubernetes.toml: "app/smith" at agents.app/smith',
      ],
    ],
    [
      "packs/tools/pack.toml",
      'name = "coder"',
      ["city.toml: app/tools.coder at agent.0.depends_on.1", "city.toml: coder at rigs.0.overrides.0.agent"],
    ],
    [
      "city.toml",
      "[providers.fast]",
      [
        "city.toml: fast at workspace.provider",
        "city.toml: fast at rigs.0.overrides.0.provider",
        "city.toml: fast at providers.fast",
      ],
    ],
    [
      "city.toml",
      'provider = "codex"',
      ["city.toml: codex at agent.0.provider", "city.toml: codex at patches.providers.0.name"],
    ],
    [
      "city.toml",
      '[[rigs]]\nname = "app"',
      [
        "city.toml: app at agent.1.dir",
        "city.toml: app at named_session.1.dir",
        "city.toml: app at patches.agent.0.dir",
      ],
    ],
  ])("finds in %s for %s the references %s", (file, line, references) => {
    const part = line === "[providers.fast]" ? "fast" : undefined;
    const { name, names } = nameAt(file, line, part);
    expect(places(names.referencesTo(name))).toEqual(references);
  });

  it("finds the definition of an agent that only a folder makes", () => {
    const { names } = nameAt("city.toml", 'template = "mayor"');
    expect(names.agentsKnownIn(`${exampleRoot}/city.toml`)).toEqual([
      "mayor",
      "app/smith",
      "app/tools.coder",
      "tools.helper",
      "tools.second",
      "scribe",
      "clerk",
    ]);
  });

  it("still finds the definitions in the files of a city that never was composed", () => {
    const { context } = exampleContext("city.toml", `${city}[[broken`, { "packs/tools/pack.toml": pack });
    const found = context.names().at(`${exampleRoot}/city.toml`, city.indexOf('template = "mayor"') + 13);
    expect(found && context.names().definitionsOf(found)).toHaveLength(1);
  });
});
