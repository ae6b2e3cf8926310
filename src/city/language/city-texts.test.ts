import { expect, it } from "vitest";
import { cityTexts } from "./city-texts.ts";
import { exampleContext } from "./example-city.ts";

it("gives edits the city's own files, and the agents that are only folders", () => {
  const pack = '[pack]\nname = "x"\nschema = 2\n';
  const { context } = exampleContext("city.toml", '[imports.a]\nsource = "packs/a"\n[imports.b]\nsource = "../b"\n', {
    "pack.toml": pack,
    "packs/a/pack.toml": pack,
    "../b/pack.toml": pack,
    "agents/clerk/prompt.md": "x",
    "agents/scribe/agent.toml": 'provider = "claude"\n',
  });
  const texts = cityTexts(context);
  expect([...texts.keys()].sort()).toEqual([
    "agents/clerk/agent.toml",
    "agents/scribe/agent.toml",
    "city.toml",
    "pack.toml",
    "packs/a/pack.toml",
  ]);
  expect(texts.get("agents/clerk/agent.toml")).toBe("");
});
