import { describe, expect, it } from "vitest";
import { stopWaves } from "./stop-waves.ts";

const agents = [
  { name: "web", dependsOn: ["api"] },
  { name: "api", dependsOn: ["db"] },
  { name: "db", dependsOn: [] },
];
const records = agents.map(({ name }) => ({ session: name, template: name }));

describe("stopWaves", () => {
  it("ends what depends on others before them, and strangers first", () => {
    expect(stopWaves(["db", "api", "stranger", "web"], records, agents)).toEqual([
      ["stranger"],
      ["web"],
      ["api"],
      ["db"],
    ]);
  });

  it("ends all others at once", () => {
    const free = agents.map(({ name }) => ({ name, dependsOn: [] }));
    expect(stopWaves(["db", "api"], records, free)).toEqual([["db", "api"]]);
  });

  it("comes to an end with a circle", () => {
    const circle = [
      { name: "a", dependsOn: ["b"] },
      { name: "b", dependsOn: ["a"] },
    ];
    const waves = stopWaves(
      ["a", "b"],
      [
        { session: "a", template: "a" },
        { session: "b", template: "b" },
      ],
      circle,
    );
    expect(waves.flat().toSorted()).toEqual(["a", "b"]);
  });

  it("has no waves without sessions", () => {
    expect(stopWaves([], records, agents)).toEqual([]);
  });
});
