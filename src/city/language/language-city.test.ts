import { describe, expect, it } from "vitest";
import { memoryFiles } from "../files/memory-files.ts";
import { completionsAt } from "./completion/completions.ts";
import { LanguageCity } from "./language-city.ts";

const cityFile = "/city/city.toml";
const city = 'include = ["more.toml"]\n[[named_session]]\ntemplate = "mayor"\n';
const more = '[[agent]]\nname = "mayor"\nprovider = "claude"\n';

function open(texts: Readonly<Record<string, string>> = {}): LanguageCity {
  const files = { [cityFile]: city, "/city/more.toml": more, "/city/other.toml": "x = 1\n", ...texts };
  return new LanguageCity({ root: "/city", files: memoryFiles(files), env: {} });
}

function messages(language: LanguageCity): readonly string[] {
  return language.diagnostics().map(({ file, message }) => `${file.slice("/city/".length)}: ${message}`);
}

describe("LanguageCity", () => {
  it("knows the files that the city is read from, and no others", () => {
    const language = open();
    expect(
      ["/city/city.toml", "/city/more.toml", "/city/other.toml", "/elsewhere/city.toml"].map((path) =>
        language.has(path),
      ),
    ).toEqual([true, true, false, false]);
    expect(language.contextOf("/city/other.toml")).toBeUndefined();
    expect(language.contextOf("/city/more.toml")?.file.kind).toBe("city");
  });

  it("diagnoses unsaved texts, across files", () => {
    const language = open();
    expect(messages(language)).toEqual([]);
    language.setUnsaved(new Map([["/city/more.toml", more.replace("mayor", "major")]]));
    expect(messages(language)).toEqual(['city.toml: There is no agent "mayor": did you mean "major"?']);
    language.setUnsaved(new Map());
    expect(messages(language)).toEqual([]);
  });

  it("keeps the names of the last good city while a text is broken", () => {
    const language = open();
    expect(messages(language)).toEqual([]);
    const broken = `${city}[[named_session]]\ntemplate = "`;
    language.setUnsaved(new Map([[cityFile, broken]]));
    const context = language.contextOf(cityFile);
    expect(context && completionsAt(context, broken.length).map(({ label }) => label)).toEqual(["mayor"]);
    expect(language.has("/city/more.toml")).toBe(true);
    expect(language.isReadable).toBe(false);
    expect(language.composed.agents.map(({ table }) => table.name)).toEqual(["mayor"]);
    expect(language.contextOf("/city/more.toml")?.names().agentsKnownIn("/city/more.toml")).toEqual(["mayor"]);
  });

  it("shares what did not change", () => {
    const language = open();
    const before = language.contextOf("/city/more.toml")?.file;
    language.setUnsaved(new Map([[cityFile, `${city}# more\n`]]));
    expect(language.contextOf("/city/more.toml")?.file).toBe(before);
  });
});
