import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
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
