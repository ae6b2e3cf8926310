import { describe, expect, it } from "vitest";
import { changed } from "./example-change.ts";
import { renameRig } from "./rename-rig.ts";

const city = `[[rigs]]
name = "api" # the first
path = "../api"
default_sling_target = "api/w"

[[rigs.overrides]]
agent = "x"
depends_on = ["api/w", "apiary/w"]

[[rigs]]
name = "web"
path = "../web"

[[agent]]
name = "w"
dir = "api"

[[agent]]
name = "lead"
depends_on = ["api/w", "lead2"]

[[named_session]]
template = "w"
dir = 'api'

[[patches.rigs]]
name = "api"

[[orders.overrides]]
name = "o"
rig = "api"
pool = "api/w"
`;
const pods = '[agents."api/w"]\nimage = "x"\n[agents."api/w".node_selector]\na = "b"\n[agents.api]\nimage = "y"\n';

const renamed = (files: Readonly<Record<string, string>>, from: string, to: string): unknown =>
  changed(files, (texts) => renameRig(texts, from, to));

describe("renameRig", () => {
  it("renames it wherever the city's files name it, and keeps the prefix of its beads", () => {
    const files = { "city.toml": city, "kubernetes.toml": pods, "agents/s/agent.toml": 'dir = "api"\n' };
    const expected = city
      .replaceAll('"api', '"core')
      .replace("'api'", "'core'")
      .replace('"coreary', '"apiary')
      .replace('default_sling_target = "core/w"\n', 'default_sling_target = "core/w"\nprefix = "api"\n');
    expect(renamed(files, "api", "core")).toEqual({
      "city.toml": expected,
      "kubernetes.toml": pods.replaceAll('"api/w"', '"core/w"'),
      "agents/s/agent.toml": 'dir = "core"\n',
    });
  });

  it("writes no prefix where one is written", () => {
    const text = '[[rigs]]\nname = "api"\npath = "x"\nprefix = "q"\n';
    expect(renamed({ "city.toml": text }, "api", "core")).toEqual({ "city.toml": text.replace("api", "core") });
    expect(renamed({ "city.toml": text }, "api", "api")).toEqual({});
  });

  it.each([
    ["none", "x", /^missing: No file of the city defines the rig "none"/u],
    ["api", "web", /^taken: The rig "web" exists already, at line 10/u],
    ["api", " ", /^invalid: A rig needs a name/u],
  ])("refuses to rename %s to %j", (from, to, reason) => {
    expect(renamed({ "city.toml": city }, from, to)).toMatch(reason);
  });
});
