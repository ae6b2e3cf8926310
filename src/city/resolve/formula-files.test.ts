import { expect, it } from "vitest";
import { cityOfText } from "../../../test/city-of-text.ts";

const none = "";
/** What gc 0.15.1 links of the same files. */
const { city, paths } = cityOfText(
  `[workspace]
includes = ["packs/low", "packs/high"]
[[rigs]]
name = "app"
path = "../app"
includes = ["packs/rig"]
formulas_dir = "own"
[[rigs]]
name = "other"
path = "other"
[[agent]]
name = "mayor"
start_command = "sh"
[[agent]]
name = "coder"
dir = "app"
start_command = "sh"
`,
  {
    others: {
      ...Object.fromEntries(
        ["low", "high", "rig"].map((name) => [`packs/${name}/pack.toml`, `[pack]\nname = "${name}"\nschema = 2\n`]),
      ),
      "packs/low/formulas/a.formula.toml": none,
      "packs/low/formulas/b.toml": none,
      "packs/low/formulas/c.toml": none,
      "packs/high/formulas/b.formula.toml": none,
      "formulas/c.toml": none,
      "formulas/c.formula.toml": none,
      "formulas/README.md": none,
      "formulas/below/d.toml": none,
      "packs/rig/formulas/b.toml": none,
      "packs/rig/formulas/e.toml": none,
      "own/e.formula.toml": none,
    },
  },
);

/** The files by their formulas, which all have both names. */
function filesOf(formulas: ReadonlyMap<string, string> | undefined): Record<string, string> {
  const names = [...(formulas?.keys() ?? [])].filter((name) => !name.endsWith(".formula.toml"));
  expect(formulas?.size).toBe(2 * names.length);
  return Object.fromEntries(
    names.sort().map((name) => {
      const file = formulas?.get(name) ?? "";
      expect(formulas?.get(name.replace(/toml$/u, "formula.toml"))).toBe(file);
      return [name, file];
    }),
  );
}

const ofCity = {
  "a.toml": "/city/demo/packs/low/formulas/a.formula.toml",
  "b.toml": "/city/demo/packs/high/formulas/b.formula.toml",
  "c.toml": "/city/demo/formulas/c.toml",
};
const ofApp = {
  ...ofCity,
  "b.toml": "/city/demo/packs/rig/formulas/b.toml",
  "e.toml": "/city/demo/own/e.formula.toml",
};

it("takes each formula from the last layer that has it, in the city and in each rig", () => {
  expect(city?.formulas.map(({ folder, formulas }) => [folder, filesOf(formulas)])).toEqual([
    ["/city/demo", ofCity],
    ["/city/app", ofApp],
    ["/city/demo/other", ofCity],
  ]);
});

it("gives a session those of the city, and of its rig", () => {
  const folders = city?.sessions.map(({ name, config }) => [name, config.formulas?.map(({ folder }) => folder)]);
  expect(folders).toEqual([
    ["mayor", ["/city/demo"]],
    ["app--coder", ["/city/demo", "/city/app"]],
  ]);
});

it("says that a new formula changes the city", () => {
  expect([...paths.folders]).toEqual(
    expect.arrayContaining(["/city/demo/formulas", "/city/demo/packs/low/formulas", "/city/demo/own"]),
  );
});
