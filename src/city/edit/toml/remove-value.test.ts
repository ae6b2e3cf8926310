import { describe, expect, it } from "vitest";
import { editedText, pathOf } from "./example-edit.ts";
import { removeValue } from "./remove-value.ts";

describe("removeValue", () => {
  const removed = (text: string, path: string): string => editedText(text, (draft) => removeValue(draft, pathOf(path)));

  it.each<[what: string, before: string, path: string, after: string]>([
    ["a key with its comments", "[a]\nx = 1\n# about y\n  # more\ny = 2 # two\nz = 3\n", "a.y", "[a]\nx = 1\nz = 3\n"],
    ["not a comment behind a blank line", "[a]\n# general\n\ny = 2\nz = 3\n", "a.y", "[a]\n# general\n\nz = 3\n"],
    ["not a string that looks like a comment", '[a]\nx = """\n# z"""\ny = 1\n', "a.y", '[a]\nx = """\n# z"""\n'],
    ["a key of many lines", "[a]\nx = [\n 1,\n] # c\ny = 1\n", "a.x", "[a]\ny = 1\n"],
    ["the last key of a text without a last line break", "[a]\r\nx = 1\r\ny = 2", "a.y", "[a]\r\nx = 1"],
    ["what is not there: nothing", "[a]\nx = 1\n", "a.y", "[a]\nx = 1\n"],
    [
      "a table and its sub-tables",
      "[a]\nx = 1\n\n# B\n[b]\ny = 1\n\n[b.c]\nz = 1\n\n[d]\n",
      "b",
      "[a]\nx = 1\n\n[d]\n",
    ],
    [
      "an element and one of its two gaps",
      "[[a]]\nn = 1\n\n[[a]]\nn = 2\n\n[[a]]\nn = 3\n",
      "a.1",
      "[[a]]\nn = 1\n\n[[a]]\nn = 3\n",
    ],
    ["the first element", "# one\n[[a]]\nn = 1\n\n[[a]]\nn = 2\n", "a.0", "[[a]]\nn = 2\n"],
    ["the last element", "[b]\n\n\n[[a]]\nn = 1\n", "a.0", "[b]\n"],
    ["the last element of a text without a last line break", "[b]\r\n\r\n[[a]]\r\nn = 1", "a.0", "[b]"],
    [
      "an element with sub-tables and comments between",
      "[[a]]\nn = 1\n\n# loose\n\n[a.e]\nx = 1\n# y = 2\n\n[[a]]\nn = 2\n",
      "a.0",
      "[[a]]\nn = 2\n",
    ],
    [
      "an element with a sub-table far away",
      "[[a]]\nn = 1\n[b]\nx = 1\n[a.e]\ny = 1\n[c]\n",
      "a.0",
      "[b]\nx = 1\n[c]\n",
    ],
    ["not the comment of the next element", "[[a]]\nn = 1\n# two\n[[a]]\nn = 2\n", "a.0", "# two\n[[a]]\nn = 2\n"],
    ["the only thing", "# one\n[[a]]\nn = 1", "a.0", ""],
    ["dotted keys, one after the other", "s.a = 1\nt = 1\ns.b.c = 2 # c\n[x]\n", "s", "t = 1\n[x]\n"],
    ["a key of an inline table", "a = { x = 1, y = 2, z = 3 }\n", "a.y", "a = { x = 1, z = 3 }\n"],
    ["the last key of an inline table", "a = { x = 1, y = 2 }\n", "a.y", "a = { x = 1 }\n"],
    ["the only key of an inline table", "a = { x = 1 }\n", "a.x", "a = {}\n"],
    ["dotted keys of an inline table", "a = { b.x = 1, c = 1, b.y = 2 }\n", "a.b", "a = { c = 1 }\n"],
    ["an element of an inline array", "a = [{ n = 1 }, { n = 2 }]\n", "a.0", "a = [{ n = 2 }]\n"],
    [
      "an item on a line of its own",
      "a = [\n  1, # one\n  # two\n  2, # two\n  3,\n]\n",
      "a.1",
      "a = [\n  1, # one\n  3,\n]\n",
    ],
    ["an item with another's comment before it", "a = [1, # one\n  2]\n", "a.1", "a = [1, # one\n  ]\n"],
    ["an item before a comma at the end", "a = [1, 2,]\n", "a.1", "a = [1,]\n"],
    ["an item before a comma on the next line", "a = [\n  1\n, 2\n]\n", "a.0", "a = [\n  2\n]\n"],
  ])("%s", (_what, before, path, after) => {
    expect(removed(before, path)).toBe(after);
  });
});
