import { describe, expect, it } from "vitest";
import { type DocumentSymbol, documentSymbols } from "./document-symbols.ts";
import { scanToml } from "../text/scan/scan-toml.ts";

function outline(text: string): readonly string[] {
  const lines = (symbols: readonly DocumentSymbol[], indent: string): string[] =>
    symbols.flatMap(({ name, detail, kind, children }) => [
      `${indent}${name}${detail && ` (${detail})`} ${kind}`,
      ...lines(children, `${indent}  `),
    ]);
  return lines(documentSymbols(scanToml(text)), "");
}

describe("documentSymbols", () => {
  it("lists the tables by name, each inside of the one that it belongs to", () => {
    const text = `include = ["x.toml"]
[workspace]
name = "x"
[session]
[session.k8s]
[[agent]]
name = "mayor"
[agent.env]
A = "1"
[[agent]]
dir = "x"
[[rigs]]
name = "app"
[[rigs.overrides]]
agent = "coder"
[rigs.imports.tools]
[providers.fast]
[[providers.fast.options_schema]]
key = "model"
[daemon]
[session.acp]
`;
    expect(outline(text)).toEqual([
      "workspace table",
      "session table",
      "  k8s table",
      "mayor (agent) element",
      "  env table",
      "agent element",
      "app (rigs) element",
      "  coder (overrides) element",
      "  tools (imports) entry",
      "fast (providers) entry",
      "  model (options_schema) element",
      "daemon table",
      "session.acp table",
    ]);
  });

  it("lets a table's range hold those of the tables inside, and no more", () => {
    const text = "[session]\nprovider = 'x'\n[session.k8s]\nimage = 'y'\n\n# for later\n\n[daemon]\n";
    const [session] = documentSymbols(scanToml(text));
    expect(session && text.slice(session.range.start, session.range.end)).toBe(
      text.slice(0, text.indexOf("\n\n[daemon")),
    );
    expect(session && text.slice(session.selection.start, session.selection.end)).toBe("[session]");
  });

  it.each(["[", "[]", "[[", "[a.", "[[agent"])("takes the half-written %s", (text) => {
    expect(outline(text)).toHaveLength(1);
  });
});
