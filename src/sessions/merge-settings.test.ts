import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeSettings } from "./merge-settings.ts";

const merged = (below: unknown, above: unknown): unknown =>
  JSON.parse(mergeSettings(JSON.stringify(below), JSON.stringify(above)));

describe("mergeSettings", () => {
  it("lets the upper one win, key by key", () => {
    expect(merged({ a: 1, b: { c: 1 } }, { b: 2, d: 3 })).toEqual({ a: 1, b: 2, d: 3 });
  });

  it("keeps the hooks of both, and of the same one the upper one's", () => {
    const hook = (command: string) => ({ hooks: [{ type: "command", command }] });
    const below = {
      Start: [
        { matcher: "", ...hook("old") },
        { matcher: "x", ...hook("kept") },
      ],
      Stop: [{ command: "s" }],
    };
    const above = { Start: [{ matcher: "", ...hook("new") }], End: [{ bash: "e" }] };
    expect(merged({ hooks: below }, { hooks: above })).toEqual({
      hooks: {
        Start: [
          { matcher: "x", ...hook("kept") },
          { matcher: "", ...hook("new") },
        ],
        Stop: [{ command: "s" }],
        End: [{ bash: "e" }],
      },
    });
  });

  it("takes the upper one as it is where one is no JSON object", () => {
    expect(mergeSettings("{", '{"a":1}')).toBe('{"a":1}');
    expect(mergeSettings("[]", "not JSON")).toBe("not JSON");
  });

  it("changes nothing more when it is done again", () => {
    const hooks = fc.array(fc.record({ matcher: fc.constantFrom("a", "b"), run: fc.nat(3) }), { maxLength: 3 });
    const settings = fc.record({ key: fc.nat(2), hooks: fc.dictionary(fc.constantFrom("S", "T"), hooks) });
    fc.assert(
      fc.property(settings, settings, (below, above) => {
        const once = mergeSettings(JSON.stringify(below), JSON.stringify(above));
        expect(mergeSettings(once, JSON.stringify(above))).toBe(once);
      }),
    );
  });
});
