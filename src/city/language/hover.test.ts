import { describe, expect, it } from "vitest";
import { exampleContext } from "./example-city.ts";
import { hoverAt } from "./hover.ts";

/** What hovering over the `|` says, and where the values it tells of come from. */
function hover(marked: string, file = "city.toml", others: Readonly<Record<string, string>> = {}) {
  const { context, offset } = exampleContext(file, marked, others);
  const found = hoverAt(context, offset);
  return {
    text: found?.paragraphs.join("\n") ?? "",
    over: found && context.file.toml.text.slice(found.span.start, found.span.end),
    resolved: (found?.resolutions ?? []).map(({ value, agent, origin }) => [
      agent,
      value,
      origin && `${origin.file.slice("/city/".length)} ${origin.path.map(String).join(".")}`,
    ]),
  };
}

describe("hover", () => {
  it("tells of a key its type, its default and its meaning", () => {
    const { text, over } = hover("[daemon]\npatrol_|interval = '1m'");
    expect(over).toBe("patrol_interval");
    expect(text).toMatch(/^\*\*patrol_interval\*\*: string, default `30s`\n.+\.$/u);
  });

  it("tells what has no effect", () => {
    expect(hover("[session]\ndebounce_|ms = 3").text).toContain("pods");
    expect(hover("[daemon]\nmax_rest|arts = 3").text).toContain("changes nothing");
  });

  it.each([
    ["[|session]", "**session**: table"],
    ["[session]\n[session.k|8s]", "**k8s**: table"],
    ["[[ag|ent]]", "**agent**: table"],
    ["[[rigs]]\n[rigs.imports.to|ols]", ""],
  ])("tells of the header in %j", (marked, start) => {
    expect(hover(marked).text).toContain(start);
  });

  it("tells of an agent's name what it runs", () => {
    const city = '[[agent]]\nname = "mayor"\ndescription = "Rules."\nprovider = "codex"\nmin_active_sessions = 1\n';
    const { text, over } = hover(`${city}[[named_session]]\ntemplate = "ma|yor"`);
    expect(over).toBe("mayor");
    expect(text).toBe("The agent `mayor` runs `codex`, a pool of 1 to any number of sessions.\n\nRules.");
    expect(hover('[[agent]]\nname = "a"\nprovider = "clau|de"').text).toBe("`claude`: a built-in provider.");
    expect(hover('[[agent]]\nname = "a"\nprovider = "no|ne"').text).toBe("");
  });

  it("tells where a value comes from that a patch has changed", () => {
    const others = { "more.toml": '[[patches.agent]]\nname = "mayor"\nprovider = "codex"\n' };
    const city = 'include = ["more.toml"]\n[[agent]]\nname = "mayor"\nprov|ider = "claude"\n';
    const patch = '[[patches.agent]]\nname = "mayor"\nprov|ider = "codex"\n';
    expect(hover(city, "city.toml", others).resolved).toEqual([["", '"codex"', "more.toml patches.agent.0.provider"]]);
    const inPatch = hover(patch, "more.toml", { "city.toml": city.replace("|", "") });
    expect(inPatch.resolved).toEqual([["mayor", '"codex"', "more.toml patches.agent.0.provider"]]);
  });

  it("tells for each rig what an agent of a pack has become", () => {
    const pack = '[pack]\nname = "t"\nschema = 2\n[[agent]]\nname = "coder"\nprov|ider = "claude"\n';
    const rig = (name: string, more = ""): string =>
      `[[rigs]]\nname = "${name}"\npath = "${name}"\nincludes = ["packs/t"]\n${more}`;
    const city = rig("app") + rig("web", '[[rigs.overrides]]\nagent = "coder"\nprovider = "codex"\n');
    expect(hover(pack, "packs/t/pack.toml", { "city.toml": city }).resolved).toEqual([
      ["app/coder", '"claude"', "packs/t/pack.toml agent.0.provider"],
      ["web/coder", '"codex"', "city.toml rigs.1.overrides.0.provider"],
    ]);
  });

  it.each(["# comm|ent", "[nonsense]\nx| = 1", "[[agent]]\nnudge = 'he|llo'", "|"])("says nothing at %j", (marked) => {
    expect(hover(marked).text).toBe("");
  });
});
