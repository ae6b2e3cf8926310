import { describe, expect, it } from "vitest";
import { builtinProviders } from "../names/builtin-providers.ts";
import { builtinProviderTables } from "./builtin-provider-tables.ts";
import { optionArgs } from "./provider-options.ts";
import { type ProviderSources, type ResolvedProvider, resolveProvider } from "./resolve-provider.ts";

const none: ProviderSources = { workspace: {}, providers: {}, hasProgram: () => false };

function resolved(agent: object, sources: Partial<ProviderSources> = {}): ResolvedProvider {
  const found = resolveProvider({ name: "a", ...agent }, { ...none, ...sources });
  if ("problem" in found) throw new Error(found.problem);
  return found;
}

function problem(agent: object, sources: Partial<ProviderSources> = {}): unknown {
  return resolveProvider({ name: "a", ...agent }, { ...none, ...sources });
}

describe("the builtin providers", () => {
  it("are those that gc knows, in its order", () => {
    expect([...builtinProviderTables.keys()]).toEqual([...builtinProviders]);
  });

  // gc's own command lines.
  it.each([
    ["claude", "claude --dangerously-skip-permissions --effort max"],
    ["codex", "codex --dangerously-bypass-approvals-and-sandbox -c model_reasoning_effort=xhigh"],
    ["gemini", "gemini --approval-mode yolo"],
    ["cursor", "cursor-agent -f"],
    ["copilot", "copilot --yolo"],
    ["amp", "amp --dangerously-allow-all --no-ide"],
    ["opencode", "opencode"],
    ["auggie", "auggie --allow-indexing"],
    ["pi", "pi -e .pi/extensions/gc-hooks.js"],
    ["omp", "omp --hook .omp/hooks/gc-hook.ts"],
  ])("%s is run by %s", (provider, command) => {
    expect(resolved({ provider }).commandLine).toBe(command);
  });

  it("have a choice for every default", () => {
    for (const [name, { options_schema: schema = [], option_defaults: defaults = {} }] of builtinProviderTables) {
      for (const { key, default: fallback = "", choices = [] } of schema) {
        const values = choices.map(({ value }) => value);
        expect(values, `${name}.${key}`).toContain(defaults[key] ?? fallback);
        expect(new Set(values).size).toBe(values.length);
      }
      const keys = schema.map(({ key }) => key);
      expect(keys).toEqual(expect.arrayContaining(Object.keys(defaults)));
    }
  });

  // What gc adds to the command line for each choice.
  it.each([
    ["claude", "permission_mode", "auto-edit", "--permission-mode auto-edit"],
    ["claude", "permission_mode", "full-auto", "--permission-mode full-auto"],
    ["claude", "permission_mode", "plan", "--permission-mode plan"],
    ["claude", "effort", "low", "--effort low"],
    ["claude", "model", "opus", "--model claude-opus-4-6"],
    ["claude", "model", "sonnet", "--model claude-sonnet-4-6"],
    ["claude", "model", "haiku", "--model claude-haiku-4-5-20251001"],
    ["codex", "permission_mode", "suggest", "--ask-for-approval untrusted --sandbox read-only"],
    ["codex", "permission_mode", "auto-edit", "--full-auto"],
    ["codex", "model", "o3", "--model o3"],
    ["codex", "sandbox", "network-off", "--sandbox network-off"],
    ["codex", "effort", "medium", "-c model_reasoning_effort=medium"],
    ["gemini", "permission_mode", "auto-edit", "--approval-mode auto_edit"],
    ["gemini", "model", "gemini-2.5-flash", "--model gemini-2.5-flash"],
  ])("%s with %s = %s adds %s", (provider, key, value, flags) => {
    const schema = builtinProviderTables.get(provider)?.options_schema ?? [];
    expect(optionArgs(schema, { [key]: value }).join(" ")).toBe(flags);
  });
});

describe("the provider of an agent", () => {
  it("is the agent's own, then the workspace's, then one that is installed", () => {
    const installed = { hasProgram: (name: string) => name === "cursor-agent" || name === "amp" };
    const workspace = { provider: "gemini" };
    expect(resolved({ provider: "codex" }, { workspace, ...installed }).name).toBe("codex");
    expect(resolved({}, { workspace, ...installed }).name).toBe("gemini");
    expect(resolved({}, installed).name).toBe("cursor");
  });

  it("does not have to be installed where the controller runs", () => {
    expect(resolved({ provider: "claude" }).command).toBe("claude");
  });

  it("is replaced by a start_command, the agent's own as a whole, the workspace's in its command only", () => {
    const workspace = { provider: "claude", start_command: "run it" };
    expect(resolved({ start_command: "sh -l" }, { workspace })).toMatchObject({
      name: "",
      commandLine: "sh -l",
      promptMode: "none",
      processNames: [],
    });
    expect(resolved({}, { workspace })).toMatchObject({
      name: "claude",
      commandLine: "run it",
      promptMode: "arg",
      processNames: ["node", "claude"],
    });
    expect(resolved({}, { workspace: { start_command: "run it" } })).toMatchObject({ name: "", commandLine: "run it" });
  });

  it("inherits from the builtin of its name or of its command", () => {
    const providers = {
      quick: { command: "claude", option_defaults: { effort: "low" } },
      codex: { ready_delay_ms: 1, env: { A: "1" } },
      own: { command: "own", args: ["two words"] },
    };
    expect(resolved({ provider: "quick" }, { providers })).toMatchObject({
      kind: "claude",
      commandLine: "claude --dangerously-skip-permissions --effort low",
    });
    expect(resolved({ provider: "codex", env: { B: "2" } }, { providers })).toMatchObject({
      kind: "codex",
      readyDelay: 1,
      env: { A: "1", B: "2" },
    });
    expect(resolved({ provider: "own" }, { providers })).toMatchObject({
      kind: "own",
      commandLine: "own 'two words'",
      promptMode: "arg",
      instructionsFile: "AGENTS.md",
    });
  });

  it("that does not exist is named, with the nearest that does", () => {
    expect(problem({ provider: "cladue" })).toEqual({
      named: "cladue",
      problem: 'there is no provider "cladue": did you mean "claude"?',
    });
    expect(problem({}, { workspace: { provider: "zzz" } })).toEqual({
      named: "zzz",
      problem: expect.stringMatching(/^there is no provider "zzz"; there are claude, codex, /u) as string,
    });
    expect(problem({ provider: "constructor" })).toHaveProperty("problem");
    expect(problem({ provider: "__proto__" })).toHaveProperty("problem");
  });

  it("that nothing names is asked for", () => {
    expect(problem({})).toEqual({ problem: expect.stringContaining("nothing says what to run") as string });
  });
});
