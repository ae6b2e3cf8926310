import { describe, expect, it } from "vitest";
import { applyEdits } from "../edit/toml/text-edit.ts";
import { exampleContext } from "./example-city.ts";
import { agentToRenameAt, renameEverywhere } from "./rename.ts";

const files: Readonly<Record<string, string>> = {
  "city.toml": `include = ["more.toml"]
[[agent]]
name = "mayor"
depends_on = ["clerk", "tools.helper"]
[[named_session]]
template = "mayor"
[imports.tools]
source = "packs/tools"
`,
  "more.toml": '[[patches.agent]]\nname = "mayor"\n',
  "kubernetes.toml": '[agents.mayor]\nimage = "x:1"\n[agents."tools.helper"]\nimage = "x:2"\n',
  "pack.toml": '[pack]\nname = "own"\nschema = 2\n',
  "packs/tools/pack.toml": '[pack]\nname = "tools"\nschema = 2\n[[agent]]\nname = "helper"\nscope = "city"\n',
  "agents/clerk/prompt.md": "You keep the files.",
};

/** The context of a file with the caret behind the first `before` in it. */
function caret(file: string, before: string) {
  const text = files[file] ?? "";
  const at = text.indexOf(before) + before.length;
  return exampleContext(file, `${text.slice(0, at)}|${text.slice(at)}`, files);
}

function rename(file: string, before: string, name: string) {
  const { context, offset } = caret(file, before);
  const agent = agentToRenameAt(context, offset);
  if (!agent) throw new Error(`No agent stands at ${before}`);
  const { change, refusal } = renameEverywhere(context, agent.definition, name);
  const edited = Array.from(
    change?.edits ?? [],
    ([path, edits]) => [path, applyEdits(files[path] ?? "", edits)] as const,
  );
  return {
    refusal: refusal?.reason,
    moves: change?.moves,
    changed: Object.fromEntries(edited),
  };
}

describe("agentToRenameAt", () => {
  it.each([
    ["city.toml", 'template = "ma', "mayor"],
    ["more.toml", 'name = "ma', "mayor"],
    ["city.toml", '"tools.he', "helper"],
    ["city.toml", '["cl', "clerk"],
    ["kubernetes.toml", "[agents.ma", "mayor"],
    ["kubernetes.toml", '"tools.he', "helper"],
  ])("in %s finds behind %j the name %s", (file, before, written) => {
    const { context, offset } = caret(file, before);
    const found = agentToRenameAt(context, offset);
    expect(found && (files[file] ?? "").slice(found.span.start, found.span.end)).toBe(written);
  });

  it("finds none where no agent is named", () => {
    const { context, offset } = caret("city.toml", 'source = "pa');
    expect(agentToRenameAt(context, offset)).toBeUndefined();
  });
});

describe("renameEverywhere", () => {
  it("changes the name in all files", () => {
    const { changed } = rename("more.toml", 'name = "ma', "chief");
    const renamed = ["city.toml", "more.toml", "kubernetes.toml"].map((path) => [
      path,
      files[path]?.replaceAll("mayor", "chief"),
    ]);
    expect(changed).toEqual(Object.fromEntries(renamed));
  });

  it("follows the names that imports give", () => {
    const { changed } = rename("city.toml", '"tools.he', "aide");
    const renamed = ["city.toml", "packs/tools/pack.toml", "kubernetes.toml"].map((path) => [
      path,
      files[path]?.replace("helper", "aide"),
    ]);
    expect(changed).toEqual(Object.fromEntries(renamed));
  });

  it("moves the folder of an agent that is one", () => {
    const { changed, moves } = rename("city.toml", '["cl', "writer");
    expect(moves).toEqual([{ from: "agents/clerk", to: "agents/writer" }]);
    expect(changed).toEqual({ "city.toml": files["city.toml"]?.replace("clerk", "writer") });
  });

  it.each([
    ["clerk", /clerk/u],
    ["no name", /cannot be the name/u],
  ])("refuses %j", (name, reason) => {
    const { refusal, changed } = rename("city.toml", 'name = "ma', name);
    expect(refusal).toMatch(reason);
    expect(changed).toEqual({});
  });
});
