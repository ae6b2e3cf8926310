import fc from "fast-check";
import { expect, it } from "vitest";
import { memberText } from "./json-member.ts";

it.each([
  ['{"a":1.0}', "1.0"],
  ['{"b":{"a":2},"a" : [ "}", {"a":3} ] }', '[ "}", {"a":3} ]'],
  ['{"a":"x\\",\\"a\\":1","b":0}', '"x\\",\\"a\\":1"'],
  ['{"\\u0061":12345678901234567890}', "12345678901234567890"],
  ['{"a":1,"a":2}', "2"],
  ['{"b":"a","c":["a",":"]}', undefined],
  ["{}", undefined],
])("in %s", (object, text) => {
  expect(memberText(object, "a")).toBe(text);
});

it("finds every member of any object", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom("", " ", "\n"), (object, space) => {
      const json = JSON.stringify(object, undefined, space);
      for (const [name, value] of Object.entries(object)) {
        expect(JSON.stringify(JSON.parse(memberText(json, name) ?? ""))).toBe(JSON.stringify(value));
      }
    }),
  );
});
