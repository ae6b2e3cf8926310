import { describe, expect, it } from "vitest";
import { changed } from "./example-change.ts";
import { addRig, removeRig, resumeRig, suspendRig } from "./rigs.ts";

const city = `[workspace]
name = "gas-city"

[[rigs]]
name = "alpha" # first
path = "../alpha"
`;

describe("addRig", () => {
  const added = (rig: Parameters<typeof addRig>[1]): unknown =>
    changed({ "city.toml": city }, (texts) => addRig(texts, rig));

  it.each([
    [{ name: "", path: "x" }, /^invalid: A rig needs a name/u],
    [{ name: "x", path: " " }, /^invalid: The rig "x" has no path/u],
    [{ name: "alpha", path: "x" }, /^taken: The rig "alpha" exists already, at line 4 of city.toml/u],
    [{ name: "alp-lamp", path: "x" }, /^taken: The rig "alp-lamp" would have the prefix "al", as "alpha" has/u],
    [{ name: "beta", path: "x", prefix: "GC" }, /^taken: .* the prefix "gc", as "gas-city" has/u],
  ])("refuses %j", (rig, reason) => {
    expect(added(rig)).toMatch(reason);
  });

  it("takes another prefix", () => {
    expect(added({ name: "alp-lamp", path: "x", prefix: "lamp" })).toEqual({
      "city.toml": `${city}\n[[rigs]]\nname = "alp-lamp"\npath = "x"\nprefix = "lamp"\n`,
    });
  });
});

describe("removeRig", () => {
  it("takes its overrides and patches along", () => {
    const more = '\n[[rigs.overrides]]\nagent = "x"\n\n[[patches.rigs]]\nname = "alpha"\nprefix = "q"\n';
    expect(changed({ "city.toml": city + more }, (texts) => removeRig(texts, "alpha"))).toEqual({
      "city.toml": '[workspace]\nname = "gas-city"\n',
    });
  });

  it("refuses while others need it, and names them", () => {
    const more = '[[agent]]\nname = "w"\ndir = "alpha"\n\n[[named_session]]\ntemplate = "w"\ndir = "alpha"\n';
    expect(changed({ "city.toml": city + more }, (texts) => removeRig(texts, "alpha"))).toBe(
      'in-use: The rig "alpha" is still named by the agent "alpha/w" and the named session at line 11 of city.toml. Change that first.',
    );
  });
});

describe("suspendRig and resumeRig", () => {
  const patch = '\n[[patches.rigs]]\nname = "alpha"\nsuspended = true\n';

  it("change the patch that has the last word", () => {
    const files = { "city.toml": city + patch };
    expect(changed(files, (texts) => resumeRig(texts, "alpha"))).toEqual({
      "city.toml": city + patch.replace("true", "false"),
    });
    expect(changed(files, (texts) => suspendRig(texts, "alpha"))).toEqual({});
  });

  it("refuse a rig that is not there", () => {
    expect(changed({ "city.toml": city }, (texts) => suspendRig(texts, "alpa"))).toBe(
      'missing: No file of the city defines the rig "alpa". Perhaps "alpha" is meant.',
    );
  });
});
