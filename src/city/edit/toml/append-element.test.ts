import { describe, expect, it } from "vitest";
import { appendElement } from "./append-element.ts";
import { editedText } from "./example-edit.ts";

describe("appendElement", () => {
  const append = (text: string, near?: string): string =>
    editedText(text, (draft) =>
      appendElement(draft, ["a"], { n: "x", long: 1 }, near === undefined ? undefined : [near]),
    );

  it.each<[what: string, before: string, after: string]>([
    ["after the last element", '[[a]]\nn = "w"\n\n[b]\n', '[[a]]\nn = "w"\n\n[[a]]\nn = "x"\nlong = 1\n\n[b]\n'],
    [
      "after the last element's sub-tables, wherever they are",
      "[[a]]\n[b]\n[a.e]\ny=1\n\n[c]\n",
      '[[a]]\n[b]\n[a.e]\ny=1\n\n[[a]]\nn="x"\nlong=1\n\n[c]\n',
    ],
    [
      "in the gaps and the columns of the last",
      "[[a]]\nn    = 1\nlong = 1\n\n\n[[a]]\nn    = 2\nlong = 3",
      '[[a]]\nn    = 1\nlong = 1\n\n\n[[a]]\nn    = 2\nlong = 3\n\n\n[[a]]\nn    = "x"\nlong = 1',
    ],
    [
      "without gaps where there are none",
      "[[a]]\nn=1\n[[a]]\nn=2\n# Next\n[b]\n",
      '[[a]]\nn=1\n[[a]]\nn=2\n[[a]]\nn="x"\nlong=1\n# Next\n[b]\n',
    ],
    [
      "with a header spelled and indented as the last",
      '  [[ "a" ]]\n    n = 1\n',
      '  [[ "a" ]]\n    n = 1\n\n  [[ "a" ]]\n    n = "x"\n    long = 1\n',
    ],
    [
      "below the comments of the last",
      "[[a]]\nn = 1\n# more = 2\n\n# Next\n[b]\n",
      '[[a]]\nn = 1\n# more = 2\n\n[[a]]\nn = "x"\nlong = 1\n\n# Next\n[b]\n',
    ],
    ["as the first, at the end", "[b]\nx = 1\n", '[b]\nx = 1\n\n[[a]]\nn = "x"\nlong = 1\n'],
    ["to nothing", "", '[[a]]\nn = "x"\nlong = 1\n'],
    ["to nothing but a line break", "\r\n", '[[a]]\r\nn = "x"\r\nlong = 1\r\n\r\n'],
    ["to an inline array", "a = [{ n = 1 }]\n", 'a = [{ n = 1 }, { n = "x", long = 1 }]\n'],
    ["to an empty inline array", "a = []\n", 'a = [{ n = "x", long = 1 }]\n'],
    [
      "to an inline array of many lines",
      "a = [\n  { n = 1 }, # one\n]\n",
      'a = [\n  { n = 1 }, # one\n  { n = "x", long = 1 },\n]\n',
    ],
    ["to an empty array with a comment", "a = [\n  # none\n]\n", 'a = [{ n = "x", long = 1 }\n  # none\n]\n'],
  ])("%s", (_what, before, after) => {
    expect(append(before)).toBe(after);
  });

  it("puts a new array near another table", () => {
    expect(append("[b]\nx = 1\n\n[c]\n", "b")).toBe('[b]\nx = 1\n\n[[a]]\nn = "x"\nlong = 1\n\n[c]\n');
  });
});
