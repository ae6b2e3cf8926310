import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { composeCity } from "../compose/compose-city.ts";
import { memoryFiles } from "../files/memory-files.ts";
import type { SessionConfig } from "../session-config.ts";
import { coreFingerprint, liveFingerprint } from "./fingerprint.ts";
import { planSessions } from "./plan-sessions.ts";
import { withPrompt } from "./prompt-delivery.ts";

/** What gc 0.15.1 started the sessions of a city with, as its exec protocol says it, by their aliases. */
interface Started {
  readonly root: string;
  readonly env: Record<string, string>;
  readonly settings_hash: string;
  readonly scripts_hash: string;
  readonly sessions: Record<string, StartedSession>;
  /** What the agents were given as their last argument. */
  readonly prompts: Record<string, string>;
}

interface StartedSession {
  readonly command: string;
  readonly work_dir: string;
  readonly env: Record<string, string>;
  readonly process_names?: readonly string[];
  readonly ready_prompt_prefix?: string;
  readonly ready_delay_ms?: number;
  readonly nudge?: string;
  readonly pre_start?: readonly string[];
  readonly session_setup?: readonly string[];
  readonly session_setup_script?: string;
  readonly session_live?: readonly string[];
  readonly overlay_dir?: string;
  readonly copy_files: readonly { src: string; rel_dst: string }[];
  readonly core_fingerprint: string;
  readonly live_fingerprint: string;
}

const fixture = join(import.meta.dirname, "../../../test/fixtures/started-city");
const started = JSON.parse(readFileSync(join(fixture, "started.json"), "utf8")) as Started;
const folder = join(fixture, "city");
const texts = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => join(parentPath, name))
  .map((path): [string, string] => [`${started.root}/${relative(folder, path)}`, readFileSync(path, "utf8")]);
// gc writes these settings itself.
const files = memoryFiles({ ...Object.fromEntries(texts), [`${started.root}/.gc/settings.json`]: "{}" });

const city = composeCity(files, started.root, { systemPacks: false, implicitImports: false });
const plan = planSessions(city, { files, env: started.env });
const planned = new Map(plan.sessions.map((session) => [session.agent, session]));

function configOf(alias: string): SessionConfig {
  const config = planned.get(alias)?.config;
  if (!config) throw new Error(`There is no session ${alias}`);
  return config;
}

describe("sessions are started with what gc starts them with", () => {
  it("the city is understood", () => {
    expect(city.findings).toEqual([]);
  });

  // gc gives sessions of pools names of their own from its bead store.
  const inPool = /^(?:api\/crew-\d|rex|fido)$/u;

  it.each(Object.entries(started.sessions))("%s", (alias, expected) => {
    const config = configOf(alias);
    expect(config.command).toBe(expected.command);
    expect(config.workDir).toBe(expected.work_dir);
    expect(config.processNames).toEqual(expected.process_names ?? []);
    expect(config.readyPromptPrefix).toBe(expected.ready_prompt_prefix ?? "");
    expect(config.readyDelay).toBe(expected.ready_delay_ms ?? 0);
    expect(config.preStart).toEqual(expected.pre_start ?? []);
    expect(config.sessionSetup).toEqual(expected.session_setup ?? []);
    expect(config.sessionSetupScript).toBe(expected.session_setup_script ?? "");
    expect(config.sessionLive).toEqual(expected.session_live ?? []);
    expect(config.overlayDir).toBe(expected.overlay_dir ?? "");
    expect(config.copyFiles.map(({ src, relDst }) => ({ src, rel_dst: relDst }))).toEqual(expected.copy_files);
    const named = { ...expected.env };
    if (inPool.test(alias)) {
      named["GC_SESSION_NAME"] = planned.get(alias)?.name ?? "";
      named["BEADS_ACTOR"] = planned.get(alias)?.name ?? "";
    }
    expect(config.env).toMatchObject(named);
  });

  it.each(Object.entries(started.sessions))("%s has gc's fingerprint", (alias, expected) => {
    const config = configOf(alias);
    const hashes: Record<string, string> = {
      ".gc/settings.json": started.settings_hash,
      ".gc/scripts": started.scripts_hash,
    };
    const copyFiles = config.copyFiles.map((file) => Object.assign({}, file, { contentHash: hashes[file.relDst] }));
    expect(coreFingerprint({ ...config, copyFiles })).toBe(expected.core_fingerprint);
    expect(liveFingerprint(config)).toBe(expected.live_fingerprint);
  });

  it("and no others but those that nobody wants", () => {
    const more = plan.sessions.filter(({ agent }) => !Object.hasOwn(started.sessions, agent));
    expect(more.map(({ agent, wanted, reason }) => ({ agent, wanted, reason }))).toEqual([
      { agent: "off/idle", wanted: false, reason: 'the rig "off" is suspended' },
      { agent: "asleep", wanted: false, reason: "suspended in city.toml" },
    ]);
    expect(plan.sessions.filter(({ wanted }) => wanted)).toHaveLength(Object.keys(started.sessions).length);
  });
});

describe("prompts", () => {
  const at = new Date(2026, 10, 23, 22, 40, 43);

  it.each(Object.entries(started.prompts))("%s is told what gc tells it", (alias, expected) => {
    const { prompt } = configOf(alias);
    expect(prompt?.text ?? "").toBe(expected);
  });

  it("come where the provider wants them", () => {
    const { promptSuffix, promptFlag, nudge, prompt } = withPrompt(configOf("prompt-flag"), at);
    expect(promptFlag).toBe("--prompt");
    expect(promptSuffix).toBe("'[started] prompt-flag • 2026-11-23T22:40:43\n\nplain {{.AgentName}}, it'\\''s\n'");
    expect([nudge, prompt]).toEqual(["", undefined]);
  });

  it("are typed before the nudge where there is no other way", () => {
    const typed = withPrompt(configOf("prompt-typed"), at);
    expect(typed.nudge).toBe(
      "[started] prompt-typed • 2026-11-23T22:40:43\n\nplain {{.AgentName}}, it's\n\n\n---\n\ngo on",
    );
    expect(typed.promptSuffix).toBeUndefined();
  });

  it("are left to the hooks of those who ask for them", () => {
    expect(withPrompt(configOf("prompt-hooked"), at)).toEqual(configOf("prompt-hooked"));
    expect(configOf("prompt-claude").prompt).toBeUndefined();
    expect(configOf("prompt-unhooked").prompt?.text).toBe("plain {{.AgentName}}, it's\n");
  });

  it("say what is wrong with them, once for each agent", () => {
    const about = (alias: string) =>
      plan.problems.filter(({ message }) => message.startsWith(`Agent "${alias}"`)).map(({ message }) => message);
    expect(about("prompt-bad")).toEqual([
      'Agent "prompt-bad": /city/started/prompts/bad.template.md: line 1, column 22: there is no function "nope"',
    ]);
    expect(about("commands")).toEqual([
      'Agent "commands": this is run as it is written, for it cannot be filled: line 1, column 3: there is no .Nope; there are .Session, .Agent, .AgentBase, .Rig, .RigRoot, .CityRoot, .CityName, .WorkDir, .ConfigDir',
      'Agent "commands": this is run as it is written, for it cannot be filled: line 1, column 1: this action is never closed by }}',
    ]);
  });
});

describe("planning a city", () => {
  const agent = '[[agent]]\nname = "coder"\nstart_command = "sh"\n';

  function planOf(text: string, more: Record<string, string> = {}) {
    const texts = memoryFiles({ "/city/demo/city.toml": text, ...more });
    const composed = composeCity(texts, "/city/demo", { systemPacks: false, implicitImports: false });
    return planSessions(composed, { files: texts, env: {} });
  }
  const said = (text: string) => planOf(text).problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
  const wishes = (text: string) =>
    planOf(text).sessions.map(({ name, wanted, reason }) => `${name}${wanted ? "!" : ""}${reason && ` (${reason})`}`);

  it("an agent of its own can be started by hand, one of a pool runs, a named session as it says", () => {
    expect(wishes(agent)).toEqual(["coder"]);
    expect(wishes(`${agent}min_active_sessions = 2\n`)).toEqual(["coder-1!", "coder-2!"]);
    expect(wishes(`${agent}max_active_sessions = 0\n`)).toEqual([]);
    expect(wishes(`${agent}min_active_sessions = 1\nmax_active_sessions = 1\n`)).toEqual(["coder!"]);
    const named =
      '[[named_session]]\ntemplate = "coder"\n[[named_session]]\nname = "n"\ntemplate = "coder"\nmode = "always"\n';
    expect(wishes(agent + named)).toEqual(["coder", "n!"]);
  });

  it("an agent that gc makes for every provider has no session", () => {
    expect(wishes(`[workspace]\nprovider = "claude"\n[[rigs]]\nname = "r"\npath = "r"\n${agent}`)).toEqual(["coder"]);
  });

  it("names of a pool are used up before numbers", () => {
    const pool = `${agent}min_active_sessions = 3\nnamepool = "names.txt"\n`;
    const names = planOf(pool, { "/city/demo/names.txt": "# dogs\nrex\n\n fido \n" }).sessions.map(({ name }) => name);
    expect(names).toEqual(["rex", "fido", "coder-3"]);
  });

  it("caps of a rig and of the city leave the last ones unwanted, with the reason", () => {
    const rig = '[[rigs]]\nname = "r"\npath = "r"\nmax_active_sessions = 1\n';
    const workspace = "[workspace]\nmax_active_sessions = 2\n";
    const inRig = `${agent}dir = "r"\nmin_active_sessions = 2\n`;
    const own = '[[agent]]\nname = "own"\nstart_command = "sh"\nmin_active_sessions = 2\n';
    expect(wishes(workspace + rig + inRig + own)).toEqual([
      "r--coder-1!",
      'r--coder-2 (above max_active_sessions = 1 of the rig "r")',
      "own-1!",
      "own-2 (above workspace.max_active_sessions = 2)",
    ]);
    expect(wishes(`[workspace]\nmax_active_sessions = -1\n${agent}min_active_sessions = 1\n`)).toEqual(["coder-1!"]);
  });

  it.each([
    ["nobody to run", '[[agent]]\nname = "a"\n', /^agent\.0\.name: Agent "a": nothing says what to run/u],
    ["a work dir without a value", `${agent}work_dir = "{{.Rigg}}"\n`, /^agent\.0\.work_dir: .*there is no \.Rigg/u],
    [
      "a missing prompt",
      `${agent}prompt_template = "p.md"\n`,
      /prompt_template: .*\/city\/demo\/p\.md: there is no such/u,
    ],
    [
      "a bad template",
      `[workspace]\nsession_template = "{{"\n${agent}`,
      /^workspace\.session_template: The agents' own/u,
    ],
    [
      "two in one session",
      `[workspace]\nsession_template = "{{.City}}"\n${agent}[[agent]]\nname = "b"\nstart_command = "sh"\n`,
      /^agent\.1\.name: Agent "b": "b" would run in the session "demo", as "coder" does: let workspace/u,
    ],
    [
      "a name that cannot run",
      `[workspace]\nsession_template = "{{.City}} {{.Name}}"\n${agent}`,
      /^agent\.0\.name: .*"demo coder" is no name of a session/u,
    ],
  ])("%s is reported", (_, text, expected) => {
    expect(said(text)).toEqual([expect.stringMatching(expected)]);
  });

  it.each([
    ["", undefined, undefined],
    ['[session]\nsetup_timeout = "0s"\n', undefined, undefined],
    ['[session]\nsetup_timeout = "1m30s"\nstartup_timeout = "5m"\n', 90_000, 300_000],
  ])("the time limits of %j are those of each session", (text, setupTimeout, startupTimeout) => {
    const { config } = planOf(text + agent).sessions[0] ?? {};
    expect([config?.setupTimeout, config?.startupTimeout]).toEqual([setupTimeout, startupTimeout]);
  });

  it("what is wrong with one agent says nothing of the others", () => {
    const broken = '[[agent]]\nname = "a"\nprovider = "none"\nmin_active_sessions = 1\n';
    const reason = expect.stringMatching(/^a-1 \(there is no provider "none"; there are claude, /u) as string;
    expect(wishes(agent + broken)).toEqual(["coder", reason]);
  });

  it("keeps within all caps and says so when two would share a session, whatever the city", () => {
    const number = fc.integer({ min: -1, max: 4 });
    const oneAgent = fc.record({
      name: fc.constantFrom("a", "b", "a-1", "b--a", "c"),
      dir: fc.constantFrom("", "r", "s", "none"),
      min: fc.option(fc.nat({ max: 4 })),
      max: fc.option(number),
      suspended: fc.boolean(),
      named: fc.constantFrom("", "always", "on_demand"),
    });
    const cityText = fc.record({
      agents: fc.uniqueArray(oneAgent, { maxLength: 6, selector: ({ name, dir }) => `${dir}/${name}` }),
      cityCap: fc.option(number),
      rigCap: fc.option(number),
      template: fc.constantFrom("", "{{.City}}-{{.Agent}}", "{{.Name}}", "{{.Dir}}", "{{"),
    });
    const key = (name: string, value: unknown): string =>
      value === null ? "" : `${name} = ${JSON.stringify(value)}\n`;
    fc.assert(
      fc.property(cityText, ({ agents, cityCap, rigCap, template }) => {
        const text = [
          `[workspace]\n${key("max_active_sessions", cityCap)}${key("session_template", template)}`,
          `[[rigs]]\nname = "r"\npath = "r"\n${key("max_active_sessions", rigCap)}[[rigs]]\nname = "s"\npath = "s"\nsuspended = true\n`,
          ...agents.map(
            ({ name, dir, min, max, suspended }) =>
              `[[agent]]\nstart_command = "sh"\n${key("name", name)}${key("dir", dir)}${key("suspended", suspended)}${key("min_active_sessions", min)}${key("max_active_sessions", max)}`,
          ),
          ...agents.flatMap(({ name, dir, named }) =>
            named ? [`[[named_session]]\n${key("template", name)}${key("dir", dir)}${key("mode", named)}`] : [],
          ),
        ].join("");
        const { sessions, problems } = planOf(text);
        const wanted = sessions.filter((session) => session.wanted);
        const within = (count: number, cap: number | null): boolean => cap === null || cap < 0 || count <= cap;
        expect(within(wanted.length, cityCap)).toBe(true);
        expect(within(wanted.filter(({ config }) => config.env["GC_RIG"] === "r").length, rigCap)).toBe(true);
        expect(wanted.filter(({ config }) => config.env["GC_RIG"] === "s")).toEqual([]);
        const unique = new Set(sessions.map(({ name }) => name)).size === sessions.length;
        const named = agents.filter((agent) => agent.named).length;
        if (!unique && named < 2) expect(problems.map(({ code }) => code)).toContain("collision");
        for (const session of sessions) expect(session.wanted && session.reason !== "").toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
