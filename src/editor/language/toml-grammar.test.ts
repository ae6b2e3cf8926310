import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";
import oniguruma from "vscode-oniguruma";
import textmate, { type IGrammar } from "vscode-textmate";

const grammarFile = new URL("../../../media/toml.tmLanguage.json", import.meta.url);
let grammar: IGrammar;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(readFileSync(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => oniguruma.createOnigScanner(patterns),
      createOnigString: (text) => oniguruma.createOnigString(text),
    }),
    loadGrammar: () =>
      Promise.resolve(textmate.parseRawGrammar(readFileSync(grammarFile, "utf8"), grammarFile.pathname)),
  });
  const loaded = await registry.loadGrammar("source.toml");
  if (!loaded) throw new Error("The grammar could not be loaded");
  grammar = loaded;
});

/** Each token that is more than blanks: its text and its innermost scope, without the language's suffix. */
function tokens(text: string): readonly string[] {
  let stack = textmate.INITIAL;
  return text.split("\n").flatMap((line) => {
    const result = grammar.tokenizeLine(line, stack);
    stack = result.ruleStack;
    return result.tokens.flatMap(({ startIndex, endIndex, scopes }) => {
      const word = line.slice(startIndex, endIndex).trim();
      return word === "" ? [] : `${word} ${scopes.at(-1)?.replace(/\.toml$/u, "")}`;
    });
  });
}

/** The scopes of `value` where a key is given it, joined when there are several. */
function scopeOfValue(value: string): string {
  return tokens(`key = ${value}`)
    .slice(2)
    .map((token) => token.slice(token.lastIndexOf(" ") + 1))
    .join(" ");
}

describe("the grammar for TOML", () => {
  it.each([
    ["1", "constant.numeric.integer"],
    ["-1_000", "constant.numeric.integer"],
    ["0xdead_BEEF", "constant.numeric.hex"],
    ["0o755", "constant.numeric.octal"],
    ["0b1101", "constant.numeric.binary"],
    ["3.14", "constant.numeric.float"],
    ["6.626e-34", "constant.numeric.float"],
    ["1e6", "constant.numeric.float"],
    ["-inf", "constant.numeric.float"],
    ["nan", "constant.numeric.float"],
    ["true", "constant.language.boolean"],
    ["false", "constant.language.boolean"],
    ["1979-05-27T07:32:00Z", "constant.numeric.date"],
    ["1979-05-27 00:32:00.999999-07:00", "constant.numeric.date"],
    ["1979-05-27", "constant.numeric.date"],
    ["07:32:00", "constant.numeric.time"],
    ["012", "meta.entry"],
    ["1__0", "meta.entry"],
    ["truely", "meta.entry"],
  ])("takes %s for %s", (value, scope) => {
    expect(scopeOfValue(value)).toBe(scope);
  });

  it("knows comments, tables, arrays of tables and keys", () => {
    expect(tokens('# note\n[session.k8s] # why\n[[agent]]\na.b."c.d" = 1 # one')).toEqual([
      "# punctuation.definition.comment",
      "note comment.line.number-sign",
      "[ punctuation.definition.table",
      "session entity.name.namespace.table",
      ". punctuation.separator.key",
      "k8s entity.name.namespace.table",
      "] punctuation.definition.table",
      "# punctuation.definition.comment",
      "why comment.line.number-sign",
      "[[ punctuation.definition.table.array",
      "agent entity.name.namespace.table",
      "]] punctuation.definition.table.array",
      "a variable.key",
      ". punctuation.separator.key",
      "b variable.key",
      ". punctuation.separator.key",
      '" string.quoted.double.key',
      "c.d string.quoted.double.key",
      '" string.quoted.double.key',
      "= keyword.operator.assignment",
      "1 constant.numeric.integer",
      "# punctuation.definition.comment",
      "one comment.line.number-sign",
    ]);
  });

  it("knows the four kinds of strings and their escapes", () => {
    const scopes = (value: string): readonly string[] =>
      tokens(`key = ${value}`)
        .slice(2)
        .filter((token) => !token.includes("punctuation.definition.string"));
    expect(scopes(String.raw`"a\n\q # b"`)).toEqual([
      "a string.quoted.double",
      String.raw`\n constant.character.escape`,
      String.raw`\q invalid.illegal.escape`,
      "# b string.quoted.double",
    ]);
    expect(scopes(String.raw`'a\n # b'`)).toEqual([String.raw`a\n # b string.quoted.single`]);
    expect(scopes('"""a "b"\n[c] \\\n  d = 1"""" # end')).toEqual([
      'a "b" string.quoted.triple.basic',
      "[c] string.quoted.triple.basic",
      "\\ constant.character.escape.line",
      "d = 1 string.quoted.triple.basic",
      "# punctuation.definition.comment",
      "end comment.line.number-sign",
    ]);
    expect(scopes("'''a \\\n''b'''")).toEqual([
      "a \\ string.quoted.triple.literal",
      "''b string.quoted.triple.literal",
    ]);
  });

  it("knows arrays over lines and inline tables", () => {
    expect(tokens('a = [ # why\n  "x",\n  [1]\n]\nb = { c.d = "e", f = [true] }')).toEqual([
      "a variable.key",
      "= keyword.operator.assignment",
      "[ punctuation.definition.array.begin",
      "# punctuation.definition.comment",
      "why comment.line.number-sign",
      '" punctuation.definition.string.begin',
      "x string.quoted.double",
      '" punctuation.definition.string.end',
      ", punctuation.separator.comma",
      "[ punctuation.definition.array.begin",
      "1 constant.numeric.integer",
      "] punctuation.definition.array.end",
      "] punctuation.definition.array.end",
      "b variable.key",
      "= keyword.operator.assignment",
      "{ punctuation.definition.table.inline.begin",
      "c variable.key",
      ". punctuation.separator.key",
      "d variable.key",
      "= keyword.operator.assignment",
      '" punctuation.definition.string.begin',
      "e string.quoted.double",
      '" punctuation.definition.string.end',
      ", punctuation.separator.comma",
      "f variable.key",
      "= keyword.operator.assignment",
      "[ punctuation.definition.array.begin",
      "true constant.language.boolean",
      "] punctuation.definition.array.end",
      "} punctuation.definition.table.inline.end",
    ]);
  });

  it.each(['a = "open', "a = 'open", "a = [1,", "a = { b = 1", "[open", "[[open", "a ="])(
    "goes on after the half-written %s",
    (line) => {
      const after = tokens(`${line}\n[[agent]]\nname = "x"`).slice(-8);
      expect(after.slice(0, 5)).toEqual([
        "[[ punctuation.definition.table.array",
        "agent entity.name.namespace.table",
        "]] punctuation.definition.table.array",
        "name variable.key",
        "= keyword.operator.assignment",
      ]);
    },
  );
});
