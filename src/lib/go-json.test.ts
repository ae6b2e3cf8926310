import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyCharacter } from "../../test/any-character.ts";
import { goCompact, goString, goTime } from "./go-json.ts";

const anyText = fc.string({ unit: anyCharacter });

describe("goString", () => {
  // As gc 0.15.1 wrote them.
  it.each([
    ['x<y>&"\\/', String.raw`"x\u003cy\u003e\u0026\"\\/"`],
    ["tab\tnl\n\u0001\u007f\u2028 é 𝄞", `"tab\\tnl\\n\\u0001\u007f\\u2028 é 𝄞"`],
    ["\b\f\r", String.raw`"\b\f\r"`],
    ["half \ud800.", '"half \ufffd."'],
  ])("of %j", (text, json) => {
    expect(goString(text)).toBe(json);
  });

  it("is the text again when parsed, and holds nothing that HTML would take for its own", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(JSON.parse(goString(text))).toBe(text);
        expect(goString(text)).not.toMatch(/[<>&\u2028\u2029\n]/u);
      }),
    );
  });
});

describe("goCompact", () => {
  it("leaves out space and keeps all else as it is spelled", () => {
    const json = String.raw`{"b" : 1.0, "a":[ 1 , 2e5 ], "s":"<é\u2028\ud800\/  > a b  \u0000", "z":1e400, "n":null}`;
    const gc = String.raw`{"b":1.0,"a":[1,2e5],"s":"\u003cé\u2028\ud800\/  \u003e a b  \u0000","z":1e400,"n":null}`;
    expect(goCompact(json)).toBe(gc);
  });

  it("means the same, however much space there was", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: anyCharacter }),
        fc.constantFrom("", " ", "\t", " \t "),
        (value, space) => {
          const compact = goCompact(JSON.stringify(value, undefined, space));
          expect(compact).toBe(goCompact(JSON.stringify(value)));
          expect(JSON.parse(compact)).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });

  it("refuses what is no JSON", () => {
    expect(() => goCompact("{'a':1}")).toThrow(SyntaxError);
  });
});

it.each([
  [Date.UTC(2026, 10, 26, 7, 37, 45), "2026-11-26T07:37:45Z"],
  [Date.UTC(2026, 10, 26, 7, 37, 40, 100), "2026-11-26T07:37:40.1Z"],
  [Date.UTC(2026, 10, 20, 0, 0, 0, 10), "2026-11-20T00:00:00.01Z"],
])("%d is %s", (time, text) => {
  expect(goTime(time)).toBe(text);
});
