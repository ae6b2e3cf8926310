import { describe, expect, it } from "vitest";
import { resumeAgent, suspendAgent } from "./agent-suspension.ts";
import { changed } from "./example-change.ts";
import { setPoolSize } from "./pool-size.ts";

const agent = '[[agent]]\nname = "a"\n';
const rig = '[[rigs]]\nname = "app"\npath = "app"\n';

describe("suspendAgent", () => {
  const suspended = (files: Readonly<Record<string, string>>, name: string, derived?: readonly string[]): unknown =>
    changed(files, (texts) => suspendAgent(texts, name, derived));

  it("writes into city.toml before any other file that defines the agent", () => {
    const files = { "agents/a/agent.toml": "", "pack.toml": agent, "city.toml": agent };
    expect(suspended(files, "a")).toEqual({ "city.toml": `${agent}suspended = true\n` });
  });

  it("writes into the file of an agent that is a folder", () => {
    expect(suspended({ "city.toml": "", "agents/a/agent.toml": "" }, "a")).toEqual({
      "agents/a/agent.toml": "suspended = true\n",
    });
  });

  it("changes the patch that has the last word", () => {
    const patch = '\n[[patches.agent]]\nname = "a"\nsuspended = false\n';
    const after = `${agent}suspended = false\n${patch.replace("false", "true")}`;
    expect(suspended({ "city.toml": `${agent}suspended = false\n${patch}` }, "a")).toEqual({ "city.toml": after });
  });

  it.each([
    ["a pack's agent", "", "v", '[[patches.agent]]\nname = "v"\nsuspended = true\n'],
    ["a pack's agent with a binding", "", "tools.v", '[[patches.agent]]\nname = "v"\nsuspended = true\n'],
    ["a rig's agent", rig, "app/tools.v", `${rig}\n[[rigs.overrides]]\nagent = "v"\nsuspended = true\n`],
    [
      "a rig's agent with an override",
      `${rig}[[rigs.overrides]]\nagent = "v"\n`,
      "app/v",
      `${rig}[[rigs.overrides]]\nagent = "v"\nsuspended = true\n`,
    ],
  ])("changes %s by a patch or an override", (_what, city, name, after) => {
    expect(suspended({ "city.toml": city }, name, [name])).toEqual({ "city.toml": after });
  });

  it("leaves packs as they are", () => {
    const files = { "city.toml": "", "packs/p/pack.toml": agent };
    expect(suspended(files, "a")).toEqual({ "city.toml": '[[patches.agent]]\nname = "a"\nsuspended = true\n' });
  });

  it("refuses an agent that nobody knows", () => {
    expect(suspended({ "city.toml": agent }, "v")).toMatch(/^missing: No file of the city defines the agent "v"/u);
  });
});

describe("resumeAgent", () => {
  it("changes nothing that is not suspended", () => {
    expect(changed({ "city.toml": agent }, (texts) => resumeAgent(texts, "a"))).toEqual({});
  });
});

describe("setPoolSize", () => {
  const sized = (city: string, size: { min?: number; max?: number }): unknown =>
    changed({ "city.toml": city }, (texts) => setPoolSize(texts, "a", size));

  it.each([
    [{ min: -1 }, /^invalid: min_active_sessions cannot be -1/u],
    [{ min: 1.5 }, /^invalid: min_active_sessions cannot be 1.5/u],
    [{ max: -2 }, /^invalid: max_active_sessions cannot be -2/u],
    [{ min: 3, max: 2 }, /^invalid: min_active_sessions = 3 is above max_active_sessions = 2/u],
  ])("refuses %j", (size, reason) => {
    expect(sized(agent, size)).toMatch(reason);
  });

  it("compares with the bound that stays", () => {
    expect(sized(`${agent}max_active_sessions = 2\n`, { min: 3 })).toMatch(/^invalid: .*= 3 is above .*= 2/u);
    expect(sized(`${agent}max_active_sessions = -1\n`, { min: 3 })).toEqual({
      "city.toml": `${agent}max_active_sessions = -1\nmin_active_sessions = 3\n`,
    });
  });

  it("refuses less than the named sessions that always run", () => {
    const session = '[[named_session]]\ntemplate = "a"\nmode = "always"\n';
    expect(sized(agent + session, { max: 0 })).toMatch(
      /^in-use: "a" has 1 named session of mode "always", but at most 0/u,
    );
    expect(sized(agent + session, { max: 1 })).toMatchObject({
      "city.toml": expect.stringContaining("max") as unknown,
    });
  });
});
