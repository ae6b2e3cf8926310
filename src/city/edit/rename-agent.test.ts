import { describe, expect, it } from "vitest";
import { changed } from "./example-change.ts";
import { renameAgent } from "./rename-agent.ts";

const files = {
  "city.toml": `[[agent]]
name = "mayor" # the boss
depends_on = ["clerk", "app/smith"]

[[agent]]
name = 'smith'
dir = "app"

[[named_session]]
template = "mayor"

[[named_session]]
template = "smith"
dir = "app"

[[patches.agent]]
dir = "app"
name = "smith"
depends_on = ["mayor"]

[[rigs]]
name = "app"
path = "app"
default_sling_target = "smith"

[[rigs.overrides]]
agent = "coder"
depends_on = ["app/coder2", "mayor"]

[[orders.overrides]]
name = "sweep"
pool = "app/smith"
`,
  "pack.toml": `[pack]
name = "own"
[[pack.requires]]
scope = "city"
agent = "mayor"
`,
  "packs/tools/pack.toml": `[pack]
name = "tools"
requires = [{ scope = "city", agent = "mayor" }]
[[agent]]
name = "coder"
scope = "rig"
[[agent]]
name = "mayor"
scope = "rig"
depends_on = ["coder"]
[[named_session]]
template = "coder"
scope = "rig"
`,
  "agents/clerk/agent.toml": 'depends_on = ["mayor"]\n',
  "agents/bare/agent.toml": "",
};

describe("renameAgent", () => {
  const renamed = (agent: string, name: string): unknown => changed(files, (texts) => renameAgent(texts, agent, name));

  it("follows the agent of the city through all files, but not another pack's of that name", () => {
    expect(renamed("mayor", "chief")).toEqual({
      "city.toml": files["city.toml"].replaceAll("mayor", "chief"),
      "pack.toml": files["pack.toml"].replaceAll("mayor", "chief"),
      "packs/tools/pack.toml": files["packs/tools/pack.toml"].replace('agent = "mayor"', 'agent = "chief"'),
      "agents/clerk/agent.toml": 'depends_on = ["chief"]\n',
    });
  });

  it("follows an agent of a dir by both its names", () => {
    expect(renamed("app/smith", "wright")).toEqual({ "city.toml": files["city.toml"].replaceAll("smith", "wright") });
  });

  it("follows a pack's agent into rigs", () => {
    const { "city.toml": city, "packs/tools/pack.toml": pack } = files;
    expect(renamed("coder", "hacker")).toEqual({
      "city.toml": city.replace('"coder"', '"hacker"'),
      "packs/tools/pack.toml": pack.replaceAll("coder", "hacker"),
    });
  });

  it("moves the folder that defines an agent", () => {
    expect(renamed("clerk", "scribe")).toEqual({
      "city.toml": files["city.toml"].replace("clerk", "scribe"),
      moves: [{ from: "agents/clerk", to: "agents/scribe" }],
    });
    expect(renamed("bare", "naked")).toEqual({ moves: [{ from: "agents/bare", to: "agents/naked" }] });
  });

  it.each([
    [
      "mayor",
      "clerk",
      'taken: The agent "clerk" exists already, at line 1 of agents/clerk/agent.toml. Choose another name.',
    ],
    [
      "mayor",
      "a/b",
      'invalid: "a/b" cannot be the name of an agent. A name must begin with a letter or digit and hold only letters, digits, - and _.',
    ],
    [
      "mayor",
      "",
      "invalid: An agent needs a name. A name must begin with a letter or digit and hold only letters, digits, - and _.",
    ],
    ["maior", "x", 'missing: No file of the city defines the agent "maior". Perhaps "mayor" is meant.'],
    ["mayor", "mayor", {}],
  ])("from %s to %j: %s", (agent, name, outcome) => {
    expect(renamed(agent, name)).toEqual(outcome);
  });

  it("refuses a name that gives two named sessions one identity", () => {
    const city = `[[agent]]\nname = "a"\n[[agent]]\nname = "b"\n[[named_session]]\ntemplate = "a"\n
[[named_session]]\nname = "c"\ntemplate = "b"\n`;
    expect(changed({ "city.toml": city }, (texts) => renameAgent(texts, "a", "c"))).toMatch(
      /^taken: The named session "c" exists already, at line 8 of city.toml/u,
    );
  });

  it("refuses while another file cannot be read", () => {
    const broken = { ...files, "agents/clerk/agent.toml": "x =\n" };
    expect(changed(broken, (texts) => renameAgent(texts, "mayor", "chief"))).toMatch(
      /^unparsable: agents\/clerk\/agent.toml cannot be read/u,
    );
  });
});
