import { describe, expect, it } from "vitest";
import type { ControlState } from "../../controller/control/control-state.ts";
import { ProblemError } from "../../lib/problem.ts";
import type { AgentPhase, CityState } from "../../runtime/city-state.ts";
import type { Dialogs, NextStep } from "../dialogs.ts";
import { exampleCity, otherController } from "../example-city.ts";
import { exampleConfiguration } from "../example-configuration.ts";
import { ExampleRuntime } from "../example-runtime.ts";
import type { Situation } from "../situation.ts";
import { allCommands } from "./all-commands.ts";
import type { CommandContext } from "./command.ts";
import { fetchPacks } from "./fetch-packs.ts";
import { interrupt } from "./interrupt.ts";
import { nudge } from "./nudge.ts";
import { openCityFile } from "./open-city-file.ts";
import { runCommand } from "./run-command.ts";
import { showActions } from "./show-actions.ts";
import { startAgent } from "./start-agent.ts";
import { startCity } from "./start-city.ts";
import { stopCity } from "./stop-city.ts";
import { takeOverCity } from "./take-over-city.ts";

/** A person who answers every question in the same way, and what the person was told. */
interface Person {
  /** The label to choose; nothing dismisses. */
  readonly choice?: string;
  readonly answer?: string;
  readonly confirms?: boolean;
  /** Presses Cancel as soon as there is progress. */
  readonly cancels?: boolean;
}

function desk(state: CityState | Exclude<Situation, { kind: "city" }>, person: Person = {}) {
  const told: string[] = [];
  const offered: string[] = [];
  const tell =
    (kind: string) =>
    (text: string, steps: readonly NextStep[] = []) => {
      told.push([kind, text, ...steps.map(({ title }) => `[${title}]`)].join(" "));
    };
  const dialogs: Dialogs = {
    async choose(_title, choices) {
      offered.push(...choices.map(({ label, description }) => `${label} ${description ?? ""}`.trim()));
      return choices.find(({ label }) => label.includes(person.choice ?? "nothing"))?.value;
    },
    ask: async () => person.answer,
    chooseFolder: async () => undefined,
    async confirm(question, detail) {
      told.push(`${question} ${detail}`);
      return person.confirms ?? false;
    },
    progress: (_title, work) =>
      work(tell("progress"), person.cancels ? AbortSignal.abort() : new AbortController().signal),
    mention: tell("mention"),
    inform: tell("inform"),
    warn: tell("warn"),
    fail: tell("fail"),
  };
  const runtime = new ExampleRuntime();
  const note = (verb: string) => async () => void runtime.verbs.push(verb);
  if ("agents" in state) runtime.become(state);
  const context: CommandContext = {
    dialogs,
    situation: () => ("agents" in state ? { kind: "city", state } : state),
    runtime: () => ("agents" in state ? runtime : undefined),
    attach: note("show terminal"),
    peek: note("show peek"),
    showOutput: () => void runtime.verbs.push("show output"),
    openCityFile: note("open file"),
    showResolvedConfiguration: note("show configuration"),
    configuration: exampleConfiguration({}),
    cluster: { contexts: async () => [], namespaces: async () => [], images: async () => [] },
    chooseCityFolder: async () => undefined,
    writeNewCity: note("write city"),
    hasProgram: () => false,
    execute: async (command) => void runtime.verbs.push(command),
  };
  return { context, runtime, told, offered };
}

function failure(reason: string): ProblemError {
  return new ProblemError({ code: "no-image", reason, action: "Do this" });
}

describe("runCommand", () => {
  it.each([
    ["noFolder", "inform No city is open. Open a folder with a city.toml. [Open Folder]"],
    ["noCity", "inform No city is open: this folder has no city.toml. [Create city.toml]"],
  ] as const)("explains what is missing in %s", async (kind, text) => {
    const { context, told } = desk({ kind });
    await runCommand(startCity, context);
    expect(told).toEqual([text]);
  });

  it("never acts in an untrusted folder", async () => {
    for (const command of allCommands.filter(({ kind }) => kind !== "plain")) {
      const { context, told, runtime } = desk({ kind: "untrusted" });
      await runCommand(command, context, "s0");
      expect(told.join(), command.id).toContain("[Manage Trust]");
      expect(runtime.verbs).toEqual([]);
    }
  });

  it("tells reason, action and the fitting next step of a failure", async () => {
    const { context, runtime, told } = desk(exampleCity({}));
    runtime.failures.set("", failure("no image is set"));
    await runCommand(startCity, context);
    expect(told).toEqual(["fail Start City: no image is set. Do this. [Open city.toml] [Show Output]"]);
  });

  it("tells how many packs were fetched", async () => {
    const { context, runtime, told } = desk(exampleCity({}));
    await runCommand(fetchPacks, context);
    expect(runtime.verbs).toEqual(["fetchPacks"]);
    expect(told).toEqual(["mention Fetched 1 pack"]);
  });

  it("does not offer as next step what has just failed", async () => {
    const { context, told } = desk(exampleCity({}));
    await runCommand(openCityFile, { ...context, openCityFile: () => Promise.reject(failure("gone")) });
    expect(told).toEqual(["fail Open city.toml: gone. Do this. [Show Output]"]);
  });

  it("is silent about what the person cancelled", async () => {
    const { context, runtime, told } = desk(exampleCity({}));
    runtime.failures.set("", new DOMException("cancelled", "AbortError"));
    await runCommand(startCity, context);
    expect(told).toEqual([]);
  });
});

describe("an agent's command", () => {
  const phases: readonly AgentPhase[] = ["running", "stopped", "running", "failed"];

  it.each([
    ["a row", { session: "s2", agent: {} }],
    ["a session's name", "s2"],
    ["a peek document", { scheme: "gascity-peek", query: "s2" }],
  ])("takes the agent from %s", async (_what, argument) => {
    const { context, runtime, offered } = desk(exampleCity({}, ...phases));
    await runCommand(interrupt, context, argument);
    expect(runtime.verbs).toEqual(["interrupt s2"]);
    expect(offered).toEqual([]);
  });

  it("asks which of the fitting agents when called on none", async () => {
    const { context, runtime, offered } = desk(exampleCity({}, ...phases), { choice: "a3" });
    await runCommand(startAgent, context);
    expect(offered).toEqual(["a1 stopped", "a3 failed"]);
    expect(runtime.verbs).toEqual(["startAgent s3"]);
  });

  it("asks among the sessions of an agent's table, unless only one fits", async () => {
    const { context, runtime, offered } = desk(exampleCity({}, ...phases), { choice: "a2" });
    await runCommand(interrupt, context, { agents: ["a0", "a1"] });
    expect(offered).toEqual([]);
    await runCommand(interrupt, context, { agents: ["a0", "a2"] });
    expect(offered).toHaveLength(2);
    expect(runtime.verbs).toEqual(["interrupt s0", "interrupt s2"]);
  });

  it("says so when no agent fits", async () => {
    const { context, told } = desk(exampleCity({}, "stopped"));
    await runCommand(interrupt, context);
    expect(told).toEqual(["inform Interrupt works on an agent that is running or draining. There is none now."]);
  });

  it("does nothing when the choice is dismissed", async () => {
    const { context, runtime, told } = desk(exampleCity({}, ...phases));
    await runCommand(interrupt, context);
    expect([...runtime.verbs, ...told]).toEqual([]);
  });

  it("takes those of several selected rows that fit, and names each that failed", async () => {
    const { context, runtime, told } = desk(exampleCity({}, ...phases), { answer: "go" });
    runtime.failures.set("s0", failure("busy")).set("s2", failure("gone"));
    const rows = ["s0", "s1", "s2"].map((session) => ({ session }));
    await runCommand(nudge, context, rows[0], rows);
    expect(runtime.verbs).toEqual(["nudge s0 go", "nudge s2 go"]);
    expect(told).toEqual(["fail Nudge: a0: busy; a2: gone. Do this. [Open city.toml] [Show Output]"]);
  });

  it("nudges with nothing when nothing was typed", async () => {
    const { context, runtime } = desk(exampleCity({}, ...phases), { answer: "  " });
    await runCommand(nudge, context, "s0");
    expect(runtime.verbs).toEqual([]);
  });
});

describe("Stop City", () => {
  it("asks, naming how many agents it stops", async () => {
    const { context, runtime, told } = desk(exampleCity({}, "running", "failed", "waiting", "stopped"));
    await runCommand(stopCity, context);
    expect(told).toEqual([expect.stringContaining("Stop the city demo? 2 agents will be stopped.")]);
    expect(runtime.verbs).toEqual([]);
  });

  it("stops once confirmed and reports how many have", async () => {
    const { context, runtime, told } = desk(exampleCity({}, "running"), { confirms: true });
    runtime.stopCity = async (_signal, report) => report?.({ stopped: 3, total: 8 });
    await runCommand(stopCity, context);
    expect(told.at(-1)).toBe("progress 3 of 8 stopped");
  });

  it.each([
    [["running", "running"], "Stop City was cancelled. 2 agents of demo still run, and nothing restarts them."],
    [["running"], "Stop City was cancelled. 1 agent of demo still runs, and nothing restarts it."],
    [["stopped"], "demo had stopped already."],
  ] as const)("says what a cancelled stop leaves (case %#)", async (phases, text) => {
    const { context, runtime, told } = desk(exampleCity({}, ...phases), { confirms: true, cancels: true });
    runtime.stopCity = async (signal) => signal?.throwIfAborted();
    await runCommand(stopCity, context);
    expect(told.at(-1)).toBe(`inform ${text} [Stop City]`);
  });

  it("says that another controller goes on when nobody waits for it any more", async () => {
    const state = exampleCity({ control: otherController }, "running");
    const { context, runtime, told } = desk(state, { confirms: true, cancels: true });
    runtime.stopCity = async (signal) => signal?.throwIfAborted();
    await runCommand(stopCity, context);
    expect(told.at(-1)).toBe("inform gascity on ada (process 42) goes on stopping demo. [Stop City]");
  });

  it("names what did not stop", async () => {
    const { context, runtime, told } = desk(exampleCity({}, "running"), { confirms: true });
    const reason = "1 of 3 sessions did not stop: coder-1 (no answer)";
    runtime.failures.set("", new ProblemError({ code: "session-failed", reason, action: "Run Stop City again" }));
    await runCommand(stopCity, context);
    expect(told.at(-1)).toBe(`fail Stop City: ${reason}. Run Stop City again. [Show Output]`);
  });

  it("does not ask when there is nothing to lose", async () => {
    const { context, runtime, told } = desk(exampleCity({}, "waiting"));
    await runCommand(stopCity, context);
    expect(told).toEqual([]);
    expect(runtime.verbs).toEqual(["stopCity"]);
  });
});

describe("Take Over City", () => {
  it("asks, naming who controls the city and that its agents go on", async () => {
    const { context, runtime, told } = desk(exampleCity({ control: otherController }, "running"));
    await runCommand(takeOverCity, context);
    const detail = "Controlled by gascity on ada (process 42), which will only watch from then on. Its agents go on.";
    expect(told).toEqual([`Take over the city demo? ${detail}`]);
    expect(runtime.verbs).toEqual([]);
  });

  it.each<ControlState>([otherController, { kind: "free" }])("takes over (case %#)", async (control) => {
    const { context, runtime } = desk(exampleCity({ control }, "running"), { confirms: true });
    await runCommand(takeOverCity, context);
    expect(runtime.verbs).toEqual(["takeOver"]);
  });

  it("has nothing to do where this window is in control", async () => {
    const { context, runtime, told } = desk(exampleCity({}, "running"));
    await runCommand(takeOverCity, context);
    expect(told).toEqual(["mention This window controls demo already"]);
    expect(runtime.verbs).toEqual([]);
  });

  it("is a button of what fails because somebody else controls the city", async () => {
    const { context, runtime, told } = desk(exampleCity({ control: otherController }, "running"));
    const problem = { code: "controlled-elsewhere", reason: "controlled by gc", action: "Take it over" } as const;
    runtime.failures.set("", new ProblemError(problem));
    await runCommand(startCity, context);
    expect(told).toEqual(["fail Start City: controlled by gc. Take it over. [Take Over City] [Show Output]"]);
  });
});

describe("Show Actions", () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

  it.each<[string, CityState]>([
    ["Start City", exampleCity({ phase: "stopped" }, "stopped")],
    ["Attach", exampleCity({}, "running")],
    ["Take Over City", exampleCity({ control: otherController }, "running")],
    ["Start City", exampleCity({ control: { kind: "free" } }, "running")],
    [
      "Open city.toml",
      exampleCity({ diagnostics: [{ file: "/demo/city.toml", severity: "error", message: "", range }] }, "running"),
    ],
  ])("offers %s first", async (title, state) => {
    const { context, offered } = desk(state);
    await runCommand(showActions, context);
    expect(offered[0]).toContain(title);
  });

  it("runs what was chosen", async () => {
    const { context, runtime } = desk(exampleCity({}, "running"), { choice: "Stop City" });
    await runCommand(showActions, context);
    expect(runtime.verbs).toEqual(["gascity.stopCity"]);
  });
});
