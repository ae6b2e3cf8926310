import { describe, expect, it } from "vitest";
import { optionArgs, optionValues, stripOptionFlags } from "./provider-options.ts";

const schema = [
  {
    key: "a",
    default: "a0",
    choices: [
      { value: "a0", flag_args: [] },
      { value: "a1", flag_args: ["--x", "1", "--y", "2"] },
      { value: "a2", flag_args: ["--y", "2"] },
    ],
  },
  {
    key: "b",
    choices: [
      { value: "b1", flag_args: ["--z"] },
      { value: "b2", flag_args: ["--z", "9"] },
      { value: "b3", flag_args: ["-q", "v", "-r", "w"] },
    ],
  },
];

describe("options", () => {
  // As gc takes the same arguments of the same provider apart.
  it.each([
    ["--x 1", "", {}],
    ["--y 2", "", { a: "a2" }],
    ["--z 9", "9", { b: "b1" }],
    ["-q v -r w", "", { b: "b3" }],
    ["-q v", "-q v", {}],
    ["--x 1 --y 2 --k", "--k", { a: "a2" }],
    ["--k --y 2 --y 3", "--k --y 3", { a: "a2" }],
    ["--z -q v -r w", "", { b: "b1" }],
  ])("are found in %s", (given, args, chosen) => {
    expect(stripOptionFlags(given.split(" "), schema)).toEqual({ args: args.split(" ").filter(Boolean), chosen });
  });

  it.each([
    [{}, []],
    [{ a: "a1" }, ["--x", "1", "--y", "2"]],
    [{ b: "b1", a: "a2" }, ["--y", "2", "--z"]],
    [{ a: "" }, []],
    [{ a: "nope", c: "unknown" }, []],
  ])("%j give their flags in the order of the schema", (values, args) => {
    expect(optionArgs(schema, optionValues(schema, [values]))).toEqual(args);
  });

  it("of later layers win and unknown ones stay", () => {
    expect(optionValues(schema, [{ a: "a1", c: "1" }, undefined, { b: "b1" }, { a: "a2" }])).toEqual({
      a: "a2",
      b: "b1",
      c: "1",
    });
  });
});
