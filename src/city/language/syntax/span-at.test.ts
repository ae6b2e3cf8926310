import { describe, expect, it } from "vitest";
import { scanToml } from "../../text/scan/scan-toml.ts";
import { spanAt } from "./span-at.ts";
import { stringAt, valueAt } from "./value-at.ts";

const text = `include = ["a.toml"]
session = { provider = "k8s" }
[[agent]]
name = "mayor"
env.A = "1"
[[agent]]
name = "coder"
depends_on = ["mayor", "x"]
[agent.env]
B = "2"
`;
const toml = scanToml(text);

describe("spanAt", () => {
  it.each([
    [["include"], '["a.toml"]'],
    [["include", 0], '"a.toml"'],
    [["session", "provider"], '"k8s"'],
    [["session", "socket"], '{ provider = "k8s" }'],
    [["agent", 0], "[[agent]]"],
    [["agent", 0, "name"], '"mayor"'],
    [["agent", 0, "provider"], "[[agent]]"],
    [["agent", 0, "env"], "env"],
    [["agent", 0, "env", "A"], '"1"'],
    [["agent", 1, "depends_on", 1], '"x"'],
    [["agent", 1, "env"], "[agent.env]"],
    [["agent", 1, "env", "B"], '"2"'],
    [["daemon"], undefined],
  ])("finds %j: %s", (path, written) => {
    const span = spanAt(toml, path);
    expect(span && text.slice(span.start, span.end)).toBe(written);
  });
});

describe("valueAt", () => {
  it("finds values in lines, inline tables and arrays", () => {
    expect(stringAt(toml, ["agent", 1, "depends_on", 0])).toBe("mayor");
    expect(stringAt(toml, ["agent", 0, "env", "A"])).toBe("1");
    expect(stringAt(toml, ["session", "provider"])).toBe("k8s");
    expect(stringAt(toml, ["agent", 1, "env", "A"])).toBeUndefined();
    expect(valueAt(toml, ["include"])?.kind).toBe("array");
  });
});
