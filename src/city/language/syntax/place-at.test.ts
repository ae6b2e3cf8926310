import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keysIn } from "./keys-in.ts";
import { placeAt } from "./place-at.ts";
import { scanToml } from "../../text/scan/scan-toml.ts";

/** The place at the `|` of a text, in short. */
function placeIn(marked: string): string {
  const offset = marked.indexOf("|");
  const text = marked.replace("|", "");
  const place = placeAt(scanToml(text), offset);
  if (!place) return "nothing";
  const written = JSON.stringify(text.slice(place.span.start, place.span.end));
  switch (place.kind) {
    case "header":
      return `header ${place.path.join(".")} ${written}`;
    case "key":
      return `key of ${place.table.join(".") || "the root"} ${written}${place.isAssigned ? " =" : ""}`;
    case "value":
      return `value ${place.path.join(".")} ${place.value?.kind ?? "none"} ${written}`;
  }
}

describe("placeAt", () => {
  it.each([
    ["|", 'key of the root ""'],
    ["[workspace]\n|", 'key of workspace ""'],
    ["[workspace]\nna|", 'key of workspace "na"'],
    ['[workspace]\nna|me = "x"', 'key of workspace "name" ='],
    ['[workspace]\nname = "x"\n  |\n[session]', 'key of workspace ""'],
    ['[workspace]\nname = "x" |', "nothing"],
    ['[workspace]\nname = "x" # a |', "nothing"],
    ["[workspace] |", "nothing"],
    ["[[agent]]\n[[agent]]\nenv.A|", 'key of agent.1.env "A"'],
    ["[[agent]]\nen|v.A = 1", 'key of agent.0 "env" ='],
    ["[[agent]]\nenv = { |", 'key of agent.0.env ""'],
    ["[[agent]]\nenv = { A = 1, B|", 'key of agent.0.env "B"'],
    ["[|", 'header  ""'],
    ["[|]", 'header  ""'],
    ["[[ag|]]", 'header agent.0 "ag"'.replace("agent", "ag")],
    ["[[rigs]]\n[[ri|gs.overrides]]", 'header rigs.0 "rigs"'],
    ["[[rigs]]\n[[rigs.o|verrides]]", 'header rigs.0.overrides.0 "overrides"'],
    ["[session]|", "nothing"],
    ["[session|", 'header session "session"'],
    ["[session.|", 'header session. ""'],
    ["a =|", 'value a none ""'],
    ["a = |", 'value a none ""'],
    ["a = | # x", 'value a none ""'],
    ["a = tr|", 'value a plain "tr"'],
    ['a = "x|', 'value a string "x"'],
    ['a = "x|y"', 'value a string "xy"'],
    ['a = |"xy"', "nothing"],
    ['a = """x|"""', "nothing"],
    ["a = [|", 'value a.0 none ""'],
    ["a = [|]", 'value a.0 none ""'],
    ["a = [1, |]", 'value a.1 none ""'],
    ["a = [|, 1]", 'value a.0 none ""'],
    ['a = ["x", "y|"]', 'value a.1 string "y"'],
    ['a = [\n  "x",\n  |\n[b]', 'value a.1 none ""'],
    ['a = [\n  "x",\n  "|\n]\n[b]', 'value a.1 string ""'],
    ["a = [1]|", "nothing"],
    ["a =\n|", 'key of the root ""'],
    ["a |= 1", "nothing"],
  ])("finds in %j: %s", (marked, place) => {
    expect(placeIn(marked)).toBe(place);
  });

  it("finds something sensible anywhere in any text", () => {
    const piece = fc.constantFrom("[", "[[", "]", "a", ".", "=", '"', "{", "}", ",", "\n", " ", "#");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.nat({ max: 60 }), (pieces, at) => {
        const text = pieces.join("");
        const offset = Math.min(at, text.length);
        const place = placeAt(scanToml(text), offset);
        if (!place) return;
        expect(place.span.start).toBeLessThanOrEqual(offset);
        expect(place.span.end).toBeGreaterThanOrEqual(offset);
        expect(text.slice(place.span.start, place.span.end)).not.toContain("\n");
      }),
      { numRuns: 1000 },
    );
  });
});

describe("keysIn", () => {
  it("finds the keys of a table in headers, lines, dotted keys and inline tables", () => {
    const toml = scanToml(
      'session = { provider = "k8s", acp = {} }\nsession.socket = "x"\n[session.k8s]\nimage = "y"\n[[agent]]\nenv.A = 1\n[agent.env]\nB = 2',
    );
    expect([...keysIn(toml, ["session"])]).toEqual(["provider", "acp", "socket", "k8s"]);
    expect([...keysIn(toml, ["agent", 0, "env"])]).toEqual(["A", "B"]);
    expect([...keysIn(toml, ["session", "k8s"])]).toEqual(["image"]);
    expect([...keysIn(toml, [])]).toEqual(["session", "agent"]);
  });
});
