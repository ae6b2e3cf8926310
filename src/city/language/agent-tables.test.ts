import { describe, expect, it } from "vitest";
import { agentTables } from "./agent-tables.ts";
import { exampleContext } from "./example-city.ts";

function tables(file: string, text: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
  const { context } = exampleContext(file, text, others);
  return agentTables(context).map(({ span, agents }) => `${text.slice(span.start, span.end)} ${agents.join(", ")}`);
}

describe("agentTables", () => {
  it("finds the agents of a city's file by their headers", () => {
    expect(
      tables("city.toml", '[[agent]] # one\nname = "a"\n[agent.env]\n[[agent]]\ndir = "app"\nname = "b"\n'),
    ).toEqual(["[[agent]] a", "[[agent]] app/b"]);
  });

  it("calls the agents of a pack as the city does", () => {
    const pack = '[pack]\nname = "t"\nschema = 2\n[[agent]]\nname = "coder"\nscope = "rig"\n';
    const rig = (name: string): string => `[[rigs]]\nname = "${name}"\npath = "${name}"\nincludes = ["packs/t"]\n`;
    const city = { "city.toml": rig("app") + rig("web") };
    expect(tables("packs/t/pack.toml", pack, city)).toEqual(["[[agent]] app/coder, web/coder"]);
  });

  it("takes a folder's agent.toml as a whole, and finds agents in what does not parse", () => {
    const pack = { "city.toml": "", "pack.toml": '[pack]\nname = "x"\nschema = 2\n' };
    expect(tables("agents/clerk/agent.toml", 'provider = "claude"\n', pack)).toEqual([" clerk"]);
    expect(tables("city.toml", '[[agent]]\nname = "a"\nprovider = \n')).toEqual(["[[agent]] a"]);
  });
});
