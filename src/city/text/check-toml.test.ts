import { describe, expect, it } from "vitest";
import { cityTables } from "../schema/city-tables.ts";
import { checkToml } from "./check-toml.ts";
import { writtenKeys } from "./written-keys.ts";

const check = (text: string) => checkToml(text, cityTables);

describe("a text by the schema of its root", () => {
  it("is taken as it is when all is well", () => {
    expect(check('[[agent]]\nname = "a"\nenv = { X = "1" }\n')).toEqual({
      table: { agent: [{ name: "a", env: { X: "1" } }] },
      problems: [],
    });
  });

  it.each([
    [
      '[workspace]\nprovder = "x"',
      "unknown-key",
      ["workspace", "provder"],
      'Unknown key "provder": did you mean "provider"?',
    ],
    ["[[agent]]\nname = 3", "type", ["agent", 0, "name"], "agent[0].name must be a string"],
    [
      '[[agent]]\nname = "a b"',
      "value",
      ["agent", 0, "name"],
      "agent[0].name must begin with a letter or digit and hold only letters, digits, - and _",
    ],
    ["[[agent]]\ndir = 'x'", "value", ["agent", 0, "name"], "agent[0].name is required"],
    [
      '[[agent]]\nname = "a"\nwake_mode = "often"',
      "value",
      ["agent", 0, "wake_mode"],
      'agent[0].wake_mode must be "resume" or "fresh"',
    ],
    [
      '[[agent]]\nname = "a"\nmax_active_sessions = 1.5',
      "type",
      ["agent", 0, "max_active_sessions"],
      "agent[0].max_active_sessions must be a whole number",
    ],
    ["agent = 1", "type", ["agent"], "agent must be an array of tables: write [[agent]]"],
    ["workspace = 1", "type", ["workspace"], "workspace must be a table: write [workspace]"],
    ["[daemon]\nmax_restarts = 5.0", "type", ["daemon", "max_restarts"], "daemon.max_restarts must be a whole number"],
    [
      "[daemon]\nmax_restarts = 1e999",
      "type",
      ["daemon", "max_restarts"],
      "daemon.max_restarts must be a whole number",
    ],
    [
      "[daemon]\nmax_restarts = 9223372036854775808",
      "type",
      ["daemon", "max_restarts"],
      "daemon.max_restarts must be a whole number",
    ],
    ['[daemon]\nmax_restarts = ""', "type", ["daemon", "max_restarts"], "daemon.max_restarts must be a whole number"],
    ['[[agent]]\nname = ""', "value", ["agent", 0, "name"], "agent[0].name is required"],
    ['[[rigs]]\nname = ""\npath = "x"', "value", ["rigs", 0, "name"], "rigs[0].name is required"],
    [
      '[[agent]]\nname = "a"\nprompt_mode = "x"',
      "value",
      ["agent", 0, "prompt_mode"],
      'agent[0].prompt_mode must be "arg", "flag" or "none"',
    ],
    ["[[workspace]]", "type", ["workspace"], "workspace must be a table: write [workspace]"],
    ["[rigs]\nname = 'x'\n[[rigs.overrides]]", "type", ["rigs"], "rigs must be an array of tables: write [[rigs]]"],
    [
      '[WORKSPACE]\nname = "c"',
      "unknown-key",
      ["WORKSPACE"],
      'Keys are written in lower case: "workspace" instead of "WORKSPACE"',
    ],
    ["[agent_defaults.__proto__]", "unknown-key", ["agent_defaults", "__proto__"], 'Nothing can be named "__proto__"'],
    [
      '[daemon]\npatrol_interval = "soon"',
      "value",
      ["daemon", "patrol_interval"],
      'daemon.patrol_interval must be a duration such as "30s" or "1h30m"',
    ],
  ])("%j", (text, code, path, message) => {
    expect(check(text).problems).toMatchObject([{ code, path, message }]);
  });

  it("takes keys in any case for what they are, as gc does", () => {
    expect(check('[[AGENT]]\nName = "a"\n[AGENT.env]\nX = "1"').table).toEqual({
      agent: [{ name: "a", env: { X: "1" } }],
    });
  });

  it("takes an empty text for none where one of a few is meant", () => {
    const text = '[[agent]]\nname = "a"\nscope = ""\nwake_mode = ""\nnudge = ""\nidle_timeout = ""';
    expect(check(text)).toEqual({ table: { agent: [{ name: "a", nudge: "", idle_timeout: "" }] }, problems: [] });
  });

  it("takes a number that is too large for the largest, and minds none that nobody looks at", () => {
    const { table, problems } = check("[daemon]\nmax_restarts = 9223372036854775807\n[x]\ny = 9007199254740993");
    expect(table).toEqual({ daemon: { max_restarts: Number.MAX_SAFE_INTEGER } });
    expect(problems).toMatchObject([{ code: "unknown-key", path: ["x"] }]);
  });

  it.each([
    ["provder = 1", "providers"],
    ["something = 1", undefined],
    ['[workspace]\nprovder = ""', "provider"],
    ['[[agent]]\nname = "a"\nwake_mode = "frehs"', '"fresh"'],
    ['[[agent]]\nname = "a"\nwake_mode = "never"', undefined],
    ['[[agent]]\nname = "a"\nsuspended = "true"', "true"],
    ['[[agent]]\nname = "a"\nsuspended = "yes"', undefined],
    ['[[agent]]\nname = "a"\nargs = "-x"', '["-x"]'],
    ['[[agent]]\nname = "a"\nenv = { X = 1 }', '"1"'],
    ['[daemon]\nmax_restarts = "5"', "5"],
    ['[daemon]\nmax_restarts = "5m"', undefined],
    ["[daemon]\npatrol_interval = 30", '"30"'],
  ])("guesses what %j was meant to say", (text, suggestion) => {
    expect(check(text).problems.map((problem) => problem.suggestion)).toEqual([suggestion]);
  });

  it("warns of what gc lets pass, and refuses what gc refuses", () => {
    const { problems } = check('[daemon]\npatrol_interval = "soon"\n[[agent]]\nname = "a"\nscope = "moon"');
    expect(problems.map(({ severity }) => severity).toSorted()).toEqual(["error", "warning"]);
  });

  it("leaves out values of a wrong type, so that the rest can be used", () => {
    expect(check('[[agent]]\nname = "a"\nargs = ["x", 1]\nnudge = 2\nprovider = "p"').table).toEqual({
      agent: [{ name: "a", provider: "p" }],
    });
  });

  it.each([
    ["[a\n", { line: 0, character: 1 }],
    ["\n\nx = ", { line: 2, character: 3 }],
    ['x = "a\r\n"', { line: 0, character: 5 }],
    ['x = "a"\r\ny = "\uDCFF"', { line: 1, character: 5 }],
  ])("says where %j stops to be TOML", (text, start) => {
    const [problem] = check(text).problems;
    expect(problem).toMatchObject({ code: "syntax", severity: "error" });
    expect(problem?.range?.start).toMatchObject({ line: start.line });
  });

  it("keeps prototypes clean", () => {
    check('[agent_defaults.__proto__]\npolluted = "yes"\n[[agent]]\nname = "a"\n[agent.env]\n__proto__ = "x"');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

it("finds the written keys that the schema tells something of", () => {
  const table = { agents: { model: "m" }, agent: [{ name: "a", skills: ["s"] }], unknown: 1 };
  const found = Array.from(writtenKeys(table, cityTables), ({ path, meaning }) => [path.join("."), meaning.instead]);
  expect(found).toEqual([
    ["agents", "agent_defaults"],
    ["agents.model", undefined],
    ["agent", undefined],
    ["agent.0.name", undefined],
    ["agent.0.skills", "the folder skills/"],
  ]);
});
