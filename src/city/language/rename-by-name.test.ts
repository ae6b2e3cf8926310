import { describe, expect, it } from "vitest";
import { exampleContext } from "./example-city.ts";
import { renameByName } from "./rename-by-name.ts";

const files = {
  "pack.toml": '[pack]\nname = "own"\nschema = 2\n[imports.tools]\nsource = "packs/tools"\n',
  "packs/tools/pack.toml": '[pack]\nname = "tools"\nschema = 2\n[[agent]]\nname = "helper"\nscope = "city"\n',
};

describe("renameByName", () => {
  const rename = (qualified: string) => {
    const city = '[[agent]]\nname = "a"\ndepends_on = ["tools.helper"]\n';
    const outcome = renameByName(exampleContext("city.toml", city, files).context, qualified, "aide");
    return outcome.refusal?.code ?? [...(outcome.change?.edits.keys() ?? [])].toSorted();
  };

  it.each([
    ["a", ["city.toml"]],
    ["tools.helper", ["city.toml", "packs/tools/pack.toml"]],
    ["nobody", "missing"],
  ])("changes for %s %j", (qualified, outcome) => {
    expect(rename(qualified)).toEqual(outcome);
  });
});
