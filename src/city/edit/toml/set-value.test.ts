import { describe, expect, it } from "vitest";
import { editedText, pathOf } from "./example-edit.ts";
import { setValue } from "./set-value.ts";
import { TomlDraft } from "./toml-draft.ts";

describe("setValue", () => {
  const set = (text: string, path: string, value: string | number | boolean): string =>
    editedText(text, (draft) => setValue(draft, pathOf(path), value));

  it.each<[what: string, before: string, path: string, value: string | number | boolean, after: string]>([
    ["replaces only the value", "[a] # h\n  x  =  1   # one\ny = 2\n", "a.x", 5, "[a] # h\n  x  =  5   # one\ny = 2\n"],
    ["keeps a literal string literal", "x = 'a'\n", "x", "b", "x = 'b'\n"],
    ["gives up a literal string when it must", "x = 'a'\n", "x", "it's", 'x = "it\'s"\n'],
    ["replaces a long string", 'x = """\na\n# b"""\ny = 1\n', "x", "c", 'x = "c"\ny = 1\n'],
    ["replaces a 0 at the very end", "x = 0", "x", 1, "x = 1"],
    ["leaves an equal value as it is written", "x = 0x10\n", "x", 16, "x = 0x10\n"],
    ["adds below the last key", "[a]\nx = 1\n\n[b]\n", "a.y", 2, "[a]\nx = 1\ny = 2\n\n[b]\n"],
    [
      "adds behind the last key's comment",
      "[a]\nx = 1 # one\n# y = 3\n",
      "a.y",
      2,
      "[a]\nx = 1 # one\ny = 2\n# y = 3\n",
    ],
    ["adds below a value of many lines", "[a]\nx = [\n  1, # ]\n]\n", "a.y", 2, "[a]\nx = [\n  1, # ]\n]\ny = 2\n"],
    ["adds indented and without blanks as its neighbour", "[a]\n\tx=1\n", "a.y", 2, "[a]\n\tx=1\n\ty=2\n"],
    ["keeps = in one column", "[a]\nx    = 1\nlong = 2\n", "a.yy", 3, "[a]\nx    = 1\nlong = 2\nyy   = 3\n"],
    ["a key too long for the column", "[a]\nx  = 1\nab = 2\n", "a.long", 3, "[a]\nx  = 1\nab = 2\nlong = 3\n"],
    ["adds to an empty table", "[z]\nq=1\n[a] # h\n\n[b]\n", "a.y", 2, "[z]\nq=1\n[a] # h\ny=2\n\n[b]\n"],
    ["adds to an indented empty table", "[z]\n  [a]\n", "a.y", 2, "[z]\n  [a]\n  y = 2\n"],
    ["keeps CRLF", "[a]\r\nx = 1\r\n\r\n[b]\r\n", "a.y", 2, "[a]\r\nx = 1\r\ny = 2\r\n\r\n[b]\r\n"],
    ["keeps a missing last line break", "[a]\nx = 1", "a.y", 2, "[a]\nx = 1\ny = 2"],
    ["keeps a byte order mark", "\uFEFF[a]\nx = 1\n", "a.x", 2, "\uFEFF[a]\nx = 2\n"],
    ["makes a table in an empty text", "", "a.b.y", 2, "[a.b]\ny = 2\n"],
    ["makes a table in a text of comments", "# none\n", "a.y", 2, "# none\n\n[a]\ny = 2\n"],
    ["makes a table at the end", "[a]\nx = 1", "b.y", 2, "[a]\nx = 1\n\n[b]\ny = 2"],
    [
      "makes a table in the text's own gaps",
      "[a]\nx=1\n\n\n[b]\nx=1\n",
      "c.y",
      2,
      "[a]\nx=1\n\n\n[b]\nx=1\n\n\n[c]\ny=2\n",
    ],
    ["makes a sub-table below its parent", "[a]\nx = 1\n\n[b]\n", "a.c.y", 2, "[a]\nx = 1\n\n[a.c]\ny = 2\n\n[b]\n"],
    [
      "makes a table that others imply",
      "[z]\n\n# sub\n[a.b]\nx = 1\n",
      "a.y",
      2,
      "[z]\n\n[a]\ny = 2\n\n# sub\n[a.b]\nx = 1\n",
    ],
    ["adds to a table of dotted keys", "s.k = 1\ns.p.q = 2\nt = 3\n", "s.n", 4, "s.k = 1\ns.p.q = 2\ns.n = 4\nt = 3\n"],
    ["adds a table to dotted keys", 's . "k" = 1\n', "s.p.q", 2, 's . "k" = 1\ns.p.q = 2\n'],
    ["spells dotted keys as they are", '"s" . p.q = 1\n', "s.p.r", 2, '"s" . p.q = 1\n"s" . p.r = 2\n'],
    ["adds to dotted keys in a table", "[s]\nk.a = 1\n[t]\n", "s.k.b", 2, "[s]\nk.a = 1\nk.b = 2\n[t]\n"],
    ["adds to an inline table", "a = { x = 1 } # c\n", "a.y", 2, "a = { x = 1, y = 2 } # c\n"],
    ["adds to an empty inline table", "a = {}\n", "a.y", 2, "a = { y = 2 }\n"],
    [
      "adds to dotted keys in an inline table",
      "a = { b.x = 1, c = 2 }\n",
      "a.b.y",
      3,
      "a = { b.x = 1, c = 2, b.y = 3 }\n",
    ],
    ["adds a table to an inline table", "a = { x = 1 }\n", "a.b.y", 2, "a = { x = 1, b.y = 2 }\n"],
    [
      "adds to an inline table of many lines",
      "a = {\n  x = 1 # one\n}\n",
      "a.y",
      2,
      "a = {\n  x = 1, # one\n  y = 2\n}\n",
    ],
    ["keeps a comma at the end", "a = {\n  x = 1, # one\n}\n", "a.y", 2, "a = {\n  x = 1, # one\n  y = 2,\n}\n"],
    [
      "adds to an element of an inline array",
      "a = [ { x = 1 }, { x = 2 } ]\n",
      "a.1.y",
      3,
      "a = [ { x = 1 }, { x = 2, y = 3 } ]\n",
    ],
    ["adds to an element", "[[a]]\nx = 1\n[[a]]\nx = 2\n", "a.0.y", 3, "[[a]]\nx = 1\ny = 3\n[[a]]\nx = 2\n"],
    [
      "makes a sub-table of an element",
      "[[a]]\nx = 1\n\n[[a]]\nx = 2\n",
      "a.0.e.y",
      3,
      "[[a]]\nx = 1\n\n[a.e]\ny = 3\n\n[[a]]\nx = 2\n",
    ],
    ["finds a quoted key", '["a".\'b\']\n"x y" = 1\n', "a.b.x y", 2, '["a".\'b\']\n"x y" = 2\n'],
    ["quotes a key that needs it", "[a]\n", "a.x y", 1, '[a]\n"x y" = 1\n'],
    ["adds to the keys before the first table", "x = 1\n\n[a]\n", "y", 2, "x = 1\ny = 2\n\n[a]\n"],
    [
      "adds the first key before the first table",
      "# City\n\n# table\n[a]\n",
      "y",
      2,
      "# City\n\ny = 2\n\n# table\n[a]\n",
    ],
    ["escapes", "x = 1\n", "x", 'a"\\\n\u007F\u0000', 'x = "a\\"\\\\\\n\\u007F\\u0000"\n'],
    [
      "adds where a string looks like a comment",
      '[a]\nx = """\n# z"""\n[b]\n',
      "a.y",
      1,
      '[a]\nx = """\n# z"""\ny = 1\n[b]\n',
    ],
    [
      "keys that objects inherit",
      "[__proto__]\nx = 1\n",
      "__proto__.constructor",
      1,
      "[__proto__]\nx = 1\nconstructor = 1\n",
    ],
  ])("%s", (_what, before, path, value, after) => {
    expect(set(before, path, value)).toBe(after);
  });

  it("joins what many steps do into edits of the first text", () => {
    const draft = new TomlDraft("[a]\nx = 1\nz = 9\n");
    setValue(draft, ["a", "y"], 1);
    setValue(draft, ["a", "y"], 22);
    setValue(draft, ["a", "x"], 2);
    setValue(draft, ["a", "x"], 1);
    expect(draft.edits()).toEqual([{ start: 15, end: 15, newText: "\ny = 22" }]);
  });
});
