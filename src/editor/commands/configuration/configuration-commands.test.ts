import { describe, expect, it } from "vitest";
import { exampleCity } from "../../example-city.ts";
import { exampleConfiguration } from "../../example-configuration.ts";
import { ExampleRuntime } from "../../example-runtime.ts";
import type { ClusterChoices } from "../../configuration/cluster-choices.ts";
import type { AnswerOptions, Choice, Dialogs, NextStep } from "../../dialogs.ts";
import type { CommandContext, ConfigurationCommand } from "../command.ts";
import { runCommand } from "../run-command.ts";
import { addAgent } from "./add-agent.ts";
import { addNamedSession } from "./add-named-session.ts";
import { addProvider } from "./add-provider.ts";
import { addRig } from "./add-rig.ts";
import { chooseContext } from "./choose-context.ts";
import { chooseImage } from "./choose-image.ts";
import { chooseNamespace } from "./choose-namespace.ts";
import { removeAgent } from "./remove-agent.ts";
import { removeNamedSession } from "./remove-named-session.ts";
import { removeRig } from "./remove-rig.ts";
import { renameAgent } from "./rename-agent.ts";
import { renameNamedSession } from "./rename-named-session.ts";
import { renameRig } from "./rename-rig.ts";
import { resumeAgent } from "./resume-agent.ts";
import { resumeCity } from "./resume-city.ts";
import { resumeRig } from "./resume-rig.ts";
import { setPoolSize } from "./set-pool-size.ts";
import { suspendAgent } from "./suspend-agent.ts";
import { suspendCity } from "./suspend-city.ts";
import { suspendRig } from "./suspend-rig.ts";

const city = `[workspace]
name = "demo"
provider = "claude"

[session.k8s]
image = "agent:1"

[[agent]]
name = "mayor"
suspended = true

[[agent]]
name = "worker"
min_active_sessions = 1

[[named_session]]
template = "mayor"

[[rigs]]
name = "app"
path = "../app"

[[rigs]]
name = "old"
path = "../old"
suspended = true
`;

/** A person who gives these answers one after the other: a choice by its label, a text, "yes"; none dismisses. */
function desk(answers: readonly string[], cluster: Partial<ClusterChoices> = {}) {
  const left = [...answers];
  const told: string[] = [];
  const tell = (text: string, _steps: readonly NextStep[] = []): void => void told.push(text);
  const dialogs: Dialogs = {
    async choose<T>(_title: string, choices: readonly Choice<T>[]) {
      const label = left.shift();
      if (label === undefined) return undefined;
      const chosen = choices.find((choice) => choice.label === label);
      if (!chosen) throw new Error(`There is no ${label} in ${choices.map(({ label }) => label).join(", ")}`);
      return chosen.value;
    },
    async ask(_title, _prompt, { problem, value }: AnswerOptions = {}) {
      const answer = left.shift();
      if (answer === undefined) return undefined;
      const text = answer === "(as it is)" ? (value ?? "") : answer;
      const why = problem?.(text);
      if (why === undefined) return text;
      told.push(why);
      return undefined;
    },
    chooseFolder: async () => left.shift(),
    async confirm(question) {
      told.push(question);
      return left.shift() === "yes";
    },
    progress: (_title, work) => work(tell, new AbortController().signal),
    mention: tell,
    inform: tell,
    warn: () => {},
    fail: tell,
  };
  const runtime = new ExampleRuntime();
  runtime.become(exampleCity({}, "running"));
  const configuration = exampleConfiguration({ "city.toml": city });
  const context: CommandContext = {
    dialogs,
    configuration,
    situation: () => ({ kind: "city", state: runtime.state }),
    runtime: () => runtime,
    cluster: { contexts: async () => [], namespaces: async () => [], images: async () => [], ...cluster },
    attach: async () => {},
    peek: async () => {},
    showOutput() {},
    openCityFile: async () => {},
    showResolvedConfiguration: async () => {},
    chooseCityFolder: async () => undefined,
    writeNewCity: async () => {},
    hasProgram: () => false,
    execute: async () => {},
  };
  return { context, configuration, runtime, told, left };
}

/** city.toml with one text replaced. */
function replaced(before: string, after: string): string {
  expect(city).toContain(before);
  return city.replace(before, after);
}

const added = (lines: string): string => `${city}\n${lines}`;
const worker = 'name = "worker"\nmin_active_sessions = 1\n';
const agents = `[[agent]]\n${worker}\n[[named_session]]\ntemplate = "mayor"\n`;

describe("a command that changes city.toml", () => {
  it.each<[command: ConfigurationCommand, answers: readonly string[], after: string]>([
    [suspendAgent, ["worker"], replaced(worker, `${worker}suspended = true\n`)],
    [resumeAgent, ["mayor"], replaced("suspended = true\n\n[[agent]]", "suspended = false\n\n[[agent]]")],
    [renameAgent, ["mayor", "chief"], city.replaceAll("mayor", "chief")],
    [removeAgent, ["worker", "yes"], replaced(`[[agent]]\n${worker}\n`, "")],
    [
      setPoolSize,
      ["worker", "2-5"],
      replaced(worker, 'name = "worker"\nmin_active_sessions = 2\nmax_active_sessions = 5\n'),
    ],
    [setPoolSize, ["worker", "(as it is)"], replaced(worker, `${worker}max_active_sessions = -1\n`)],
    [suspendCity, [], replaced('"claude"\n', '"claude"\nsuspended = true\n')],
    [resumeCity, [], city],
    [addRig, ["/code/gamma", "(as it is)"], added('[[rigs]]\nname = "gamma"\npath = "../code/gamma"\n')],
    [addRig, ["/demo/sub", "sub"], added('[[rigs]]\nname = "sub"\npath = "sub"\n')],
    [suspendRig, ["app"], replaced('"../app"\n', '"../app"\nsuspended = true\n')],
    [resumeRig, ["old"], replaced('old"\nsuspended = true', 'old"\nsuspended = false')],
    [removeRig, ["app", "yes"], replaced('[[rigs]]\nname = "app"\npath = "../app"\n\n', "")],
    [
      addNamedSession,
      ["worker", "(as it is)", "Always"],
      replaced(
        'template = "mayor"\n',
        'template = "mayor"\n\n[[named_session]]\ntemplate = "worker"\nmode = "always"\n',
      ),
    ],
    [
      addNamedSession,
      ["mayor", "deputy", "On demand"],
      replaced(
        'template = "mayor"\n',
        'template = "mayor"\n\n[[named_session]]\nname = "deputy"\ntemplate = "mayor"\nmode = "on_demand"\n',
      ),
    ],
    [renameRig, ["app", "core"], replaced('"app"\npath = "../app"\n', '"core"\npath = "../app"\nprefix = "app"\n')],
    [
      renameNamedSession,
      ["mayor", "deputy"],
      replaced('[[named_session]]\ntemplate = "mayor"\n', '[[named_session]]\ntemplate = "mayor"\nname = "deputy"\n'),
    ],
    [removeNamedSession, ["mayor"], replaced('[[named_session]]\ntemplate = "mayor"\n\n', "")],
    [addProvider, ["fast", "run it"], added('[providers.fast]\ncommand = "run it"\n')],
    [
      addAgent,
      ["In the city", "clerk", "As usual in this city", "Always"],
      replaced(
        agents,
        `[[agent]]\n${worker}\n[[agent]]\nname = "clerk"\n\n[[named_session]]\ntemplate = "mayor"\n\n[[named_session]]\ntemplate = "clerk"\nmode = "always"\n`,
      ),
    ],
    [
      addAgent,
      ["In the rig app", "coder", "codex", "As a pool", "1-4"],
      replaced(
        agents,
        `[[agent]]\n${worker}\n[[agent]]\nname = "coder"\ndir = "app"\nprovider = "codex"\nmin_active_sessions = 1\nmax_active_sessions = 4\n\n[[named_session]]\ntemplate = "mayor"\n`,
      ),
    ],
  ])("$title with %j", async (command, answers, after) => {
    const { context, configuration, told, left } = desk(answers);
    await runCommand(command, context);
    expect(configuration.texts.get("city.toml"), told.join()).toBe(after);
    expect(left).toEqual([]);
  });

  it.each<[command: ConfigurationCommand, answers: readonly string[], told: string]>([
    [addAgent, ["In the city", "worker"], "There is an agent of this name"],
    [
      addAgent,
      ["In the city", "a b"],
      "A name must begin with a letter or digit and hold only letters, digits, - and _",
    ],
    [addRig, ["/code/app", "app"], "There is a rig of this name"],
    [
      renameAgent,
      ["mayor", "worker"],
      'Rename Agent…: The agent "worker" exists already, at line 12 of city.toml. Choose another name.',
    ],
    [removeNamedSession, [], ""],
    [removeAgent, ["worker", "no"], "Remove the agent worker?"],
  ])("$title with %j says %j and changes nothing", async (command, answers, text) => {
    const { context, configuration, told } = desk(answers);
    await runCommand(command, context);
    expect(told.join()).toBe(text);
    expect(configuration.texts.get("city.toml")).toBe(city);
  });

  it("is told what kind of agent there is none of", async () => {
    const { context, configuration, told } = desk([]);
    configuration.texts.set("city.toml", '[[agent]]\nname = "a"\n');
    await runCommand(resumeAgent, context);
    expect(told).toEqual(["There is no agent that is suspended."]);
  });

  it("takes the agent from a row or a table, though it fits no choice", async () => {
    for (const argument of ["s0", { session: "s0" }, { agents: ["worker"] }]) {
      const { context, configuration, runtime } = desk([]);
      const [row] = runtime.state.agents;
      if (row) runtime.become({ agents: [{ ...row, template: "worker" }] });
      await runCommand(suspendAgent, context, argument);
      expect(configuration.texts.get("city.toml")).toContain(`${worker}suspended = true\n`);
    }
  });

  it("says so when a row's agent is in no file", async () => {
    const { context, told } = desk([]);
    await runCommand(suspendAgent, context, "s0");
    expect(told).toEqual(["No file of the city has this agent."]);
  });

  it("shows what it added", async () => {
    const { context, configuration } = desk(["fast", "run it"]);
    await runCommand(addProvider, context);
    expect(configuration.shown()).toBe(true);
  });
});

describe("a command that chooses from a cluster", () => {
  const k8s = 'image = "agent:1"\n';

  it.each<[command: ConfigurationCommand, answers: readonly string[], after: string]>([
    [chooseImage, ["agent:2"], 'image = "agent:2"\n'],
    [chooseImage, ["Another…", "own/agent:3"], 'image = "own/agent:3"\n'],
    [chooseNamespace, ["cities"], `${k8s}namespace = "cities"\n`],
    [chooseContext, ["prod"], `${k8s}context = "prod"\n`],
    [chooseContext, [], k8s],
  ])("$title with %j", async (command, answers, after) => {
    const { context, configuration } = desk(answers, {
      contexts: async () => ["test", "prod"],
      namespaces: async () => ["cities", "gc"],
      images: async (_context, namespace) => (namespace === "gc" ? ["agent:2"] : []),
    });
    await runCommand(command, context);
    expect(configuration.texts.get("city.toml")).toBe(replaced(k8s, after));
  });

  it("lets the person type what the cluster does not tell", async () => {
    const { context, configuration } = desk(["cities"], {
      namespaces: () => Promise.reject(new Error("forbidden")),
    });
    await runCommand(chooseNamespace, context);
    expect(configuration.texts.get("city.toml")).toContain('namespace = "cities"');
  });
});
