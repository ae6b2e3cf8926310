import { describe, expect, it } from "vitest";
import { cityOfText } from "../../../test/city-of-text.ts";
import { everyNewCity } from "./example-new-cities.ts";
import { type NewCity, newCityFiles, newCityProblem } from "./new-city.ts";

function load(city: NewCity) {
  const { "city.toml": text = "", ...others } = Object.fromEntries(newCityFiles(city));
  return { text, ...cityOfText(text, { others }) };
}

const simple: NewCity = { name: "demo", provider: "claude", place: { kind: "tmux" }, template: "minimal" };

describe("newCityFiles", () => {
  it.each(everyNewCity)("makes a city without faults: %s", (_what, answers) => {
    const { city, diagnostics } = load(answers);
    expect(newCityProblem(answers)).toBeUndefined();
    expect(diagnostics).toEqual([]);
    expect(city?.name).toBe(answers.name);
    expect(city?.provider.kind).toBe(answers.place.kind);
    const pool = { minimal: 0, crew: 1, rig: 1 }[answers.template];
    expect(city?.sessions.filter(({ wanted }) => wanted)).toHaveLength(1 + pool);
  });

  it("offers Kubernetes settings that are right once they count", () => {
    const { text } = load(simple);
    const changed = text
      .replace('\nprovider = "tmux"', '\nprovider = "k8s"')
      .replaceAll(/^# (?=\[session\.k8s|namespace|image)/gmu, "");
    const { city, diagnostics } = cityOfText(changed, { others: { "prompts/mayor.md": "" } });
    expect(diagnostics).toEqual([]);
    expect(city?.provider).toMatchObject({ kind: "k8s", settings: { namespace: "gc" } });
  });
});

describe("newCityProblem", () => {
  it.each<[change: Partial<NewCity>, problem: RegExp]>([
    [{ name: " " }, /needs a name/u],
    [{ provider: "clod" }, /no provider "clod": use claude, .*shell/u],
    [{ place: { kind: "k8s", image: "", namespace: "gc" } }, /need an image/u],
    [{ place: { kind: "k8s", image: "A B", namespace: "gc" } }, /image "A B" must be/u],
    [{ place: { kind: "k8s", image: "a", namespace: "G" } }, /namespace "G" must be/u],
    [{ template: "rig" }, /needs the path of a repository/u],
    [{ template: "rig", rig: { name: "", path: "x" } }, /name of a rig must begin/u],
  ])("finds the fault in %j", (change, problem) => {
    expect(newCityProblem({ ...simple, ...change })).toMatch(problem);
  });
});
