import fc from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { beadPrefix } from "../names/bead-prefix.ts";
import { addAgent } from "./add-agent.ts";
import { addProvider } from "./add-provider.ts";
import { resumeAgent, suspendAgent } from "./agent-suspension.ts";
import { resumeCity, suspendCity } from "./city-suspension.ts";
import type { EditOutcome } from "./edit-city.ts";
import { drawCityTables } from "./example-city-tables.ts";
import { drawCityText } from "./example-city-text.ts";
import { setKubernetesPlace } from "./kubernetes-place.ts";
import { addNamedSession, removeNamedSession, renameNamedSession } from "./named-sessions.ts";
import { setPoolSize } from "./pool-size.ts";
import { removeAgent } from "./remove-agent.ts";
import { renameAgent } from "./rename-agent.ts";
import { renameRig } from "./rename-rig.ts";
import { addRig, removeRig, resumeRig, suspendRig } from "./rigs.ts";
import { type TextEdit, applyEdits } from "./toml/text-edit.ts";
import { fuzzRuns } from "../../../test/fuzz-runs.ts";

type Texts = ReadonlyMap<string, string>;

interface Agent {
  name: string;
  suspended?: boolean;
  min_active_sessions?: number;
  max_active_sessions?: number;
  depends_on?: string[];
}

/** What is compared, as smol-toml reads it. */
interface City {
  workspace: { suspended?: boolean };
  session?: { k8s?: Record<string, string> };
  providers?: Record<string, unknown>;
  agent: Agent[];
  named_session?: { template: string; name?: string; mode?: string }[];
  rigs?: { name: string; suspended?: boolean; default_sling_target?: string; path: string }[];
  patches?: { agent: Agent[] };
}

/** Which characters a command may take away: none but blanks, those of a value, or those of what it removes. */
type Deletes = "nothing" | "values" | { readonly owners: readonly string[] };

const read = (text: string): City => parse(text) as unknown as City;

/** What is gone and what is empty are the same. */
const normal = (city: City): unknown =>
  JSON.parse(JSON.stringify(city, (_key, value: unknown) => (isEmpty(value) ? undefined : value)));

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === "object" && value !== null && Object.values(value).every(isEmpty));
}

const comments = (text: string): string[] => [...text.matchAll(/#@(\S+)/gu)].map((match) => match[1] ?? "");

/** Texts to try every command on, others each time. */
const texts = fc.sample(fc.gen(), fuzzRuns(0.008)).map((draw) => drawCityText(draw, drawCityTables(draw)));

function onEach(work: (text: string) => void): void {
  for (const text of texts) {
    try {
      work(text);
    } catch (error) {
      throw new Error(`${String(error)}\nWith this text:\n${text}`, { cause: error });
    }
  }
}

/** Runs a command on many cities: the change must be what `expected` makes of the values, and nothing else. */
function check(
  command: (texts: Texts, city: City) => EditOutcome,
  expected: (city: City) => void,
  deletes: Deletes | ((city: City) => Deletes),
): void {
  onEach((before) => {
    const city = read(before);
    const outcome = command(new Map([["city.toml", before]]), city);
    expect(outcome.refusal).toBeUndefined();
    const edits = outcome.change?.edits.get("city.toml") ?? [];
    const after = applyEdits(before, edits);
    const wanted = structuredClone(city);
    expected(wanted);
    expect(normal(read(after))).toEqual(normal(wanted));
    checkBytes(before, after, edits, typeof deletes === "function" ? deletes(city) : deletes);
  });
}

function checkBytes(before: string, after: string, edits: readonly TextEdit[], deletes: Deletes): void {
  for (const { start, end, newText } of edits) {
    const deleted = before.slice(start, end);
    expect(newText).not.toBe(deleted);
    if (deletes === "nothing") expect(deleted.trim()).toBe("");
    if (deletes === "values") expect(deleted).toMatch(/^(?:true|false|-?\d+|"(?:[^"\\]|\\.)*"|'[^']*')?$/u);
    if (typeof deletes === "object") expect(newText).toBe("");
  }
  const gone = new Set(typeof deletes === "object" ? deletes.owners : []);
  const kept = (text: string): string[] => comments(text).filter((owner) => !gone.has(owner));
  expect(kept(after)).toEqual(kept(before));
  if (before.includes("\r\n")) expect(after).not.toMatch(/[^\r]\n/u);
  else expect(after).not.toContain("\r");
  expect(after.startsWith("\uFEFF")).toBe(before.startsWith("\uFEFF"));
  if (before.trim() !== "" && after.trim() !== "") expect(after.endsWith("\n")).toBe(before.endsWith("\n"));
}

const last = (city: City): Agent => city.agent.at(-1) ?? { name: "" };
const patchOf = (city: City, agent: string, key: keyof Agent): Agent | undefined =>
  city.patches?.agent.find((patch) => patch.name === agent && key in patch);

function suspend(city: City, agent: string): void {
  const tables = [patchOf(city, agent, "suspended"), city.agent.find(({ name }) => name === agent)];
  Object.assign(tables.find((table) => table) ?? {}, { suspended: true });
}

describe("each command changes what was asked and nothing else", () => {
  it("suspendAgent", () => {
    check(
      (texts, city) => suspendAgent(texts, last(city).name),
      (city) => suspend(city, last(city).name),
      "values",
    );
  });

  it("suspendAgent, then resumeAgent", () => {
    const step = (text: string, command: typeof suspendAgent, name: string): string =>
      applyEdits(text, command(new Map([["city.toml", text]]), name).change?.edits.get("city.toml") ?? []);
    const awake = (text: string): unknown =>
      JSON.parse(
        JSON.stringify(read(text), (key, value: unknown) =>
          key === "suspended" && value === false ? undefined : value,
        ),
      );
    onEach((before) => {
      const { name } = last(read(before));
      const suspended = step(before, suspendAgent, name);
      expect(awake(step(suspended, resumeAgent, name))).toEqual(awake(step(before, resumeAgent, name)));
    });
  });

  it("resumeAgent", () => {
    check(
      (texts, city) => resumeAgent(texts, last(city).name),
      (city) => {
        const { name } = last(city);
        const table = patchOf(city, name, "suspended") ?? last(city);
        if ("suspended" in table) table.suspended = false;
      },
      "values",
    );
  });

  it("setPoolSize", () => {
    check(
      (texts, city) => setPoolSize(texts, last(city).name, { min: 1, max: 30 }),
      (city) => Object.assign(last(city), { min_active_sessions: 1, max_active_sessions: 30 }),
      "values",
    );
  });

  it("renameAgent", () => {
    check(
      (texts, city) => renameAgent(texts, city.agent[0]?.name ?? "", "new-name"),
      (city) => {
        const old = city.agent[0]?.name;
        const rename = (name: string): string => (name === old ? "new-name" : name);
        for (const agent of [...city.agent, ...(city.patches?.agent ?? [])]) {
          agent.name = rename(agent.name);
          if (agent.depends_on) agent.depends_on = agent.depends_on.map(rename);
        }
        for (const session of city.named_session ?? []) session.template = rename(session.template);
        for (const rig of city.rigs ?? []) {
          if (rig.default_sling_target) rig.default_sling_target = rename(rig.default_sling_target);
        }
      },
      "values",
    );
  });

  it("removeAgent", () => {
    // Nothing depends on the last agent; rigs sling to the first.
    const victim = (city: City): string => (city.agent.length > 1 ? last(city).name : "");
    check(
      (texts, city) => (city.agent.length > 1 ? removeAgent(texts, victim(city)) : suspendCity(texts)),
      (city) => {
        const name = victim(city);
        if (name === "") city.workspace.suspended = true;
        city.agent = city.agent.filter((agent) => agent.name !== name);
        if (city.named_session) city.named_session = city.named_session.filter(({ template }) => template !== name);
        if (!city.patches) return;
        city.patches.agent = city.patches.agent.filter((patch) => patch.name !== name);
      },
      (city) =>
        city.agent.length > 1
          ? { owners: ["agent", "named_session", "patches.agent"].map((array) => `${array}:${victim(city)}`) }
          : "values",
    );
  });

  it("addAgent", () => {
    const agent = { name: "newcomer", provider: "codex", max_active_sessions: 3 };
    check(
      (texts) => addAgent(texts, agent, "always"),
      (city) => {
        city.agent.push(agent);
        city.named_session = [...(city.named_session ?? []), { template: "newcomer", mode: "always" }];
      },
      "nothing",
    );
  });

  it("addNamedSession", () => {
    check(
      (texts, city) => addNamedSession(texts, { agent: last(city).name, name: "second" }),
      (city) => {
        city.named_session = [...(city.named_session ?? []), { name: "second", template: last(city).name }];
      },
      "nothing",
    );
  });

  it("removeNamedSession", () => {
    const first = (city: City): string => city.named_session?.[0]?.template ?? "";
    check(
      (texts, city) => (first(city) ? removeNamedSession(texts, first(city)) : suspendCity(texts)),
      (city) => {
        if (first(city)) city.named_session?.shift();
        else city.workspace.suspended = true;
      },
      (city) => (first(city) ? { owners: [`named_session:${first(city)}`] } : "values"),
    );
  });

  it("suspendCity", () => {
    check(suspendCity, (city) => void (city.workspace.suspended = true), "values");
  });

  it("resumeCity", () => {
    check(
      resumeCity,
      ({ workspace }) => {
        if ("suspended" in workspace) workspace.suspended = false;
      },
      "values",
    );
  });

  it("addRig", () => {
    const rig = { name: "gamma", path: "/src/gamma", includes: ["packs/x"] };
    check(
      (texts) => addRig(texts, rig),
      (city) => (city.rigs ??= []).push(rig),
      "nothing",
    );
  });

  it.each([
    ["suspendRig", suspendRig, true],
    ["resumeRig", resumeRig, false],
  ] as const)("%s", (_name, command, suspended) => {
    check(
      (texts, { rigs }) => (rigs?.[0] ? command(texts, rigs[0].name) : suspendCity(texts)),
      (city) => {
        const rig = city.rigs?.[0];
        if (!rig) city.workspace.suspended = true;
        else if (suspended || "suspended" in rig) rig.suspended = suspended;
      },
      "values",
    );
  });

  it("removeRig", () => {
    check(
      (texts, { rigs }) => (rigs?.[0] ? removeRig(texts, rigs[0].name) : suspendCity(texts)),
      (city) => {
        if (!city.rigs) city.workspace.suspended = true;
        city.rigs?.shift();
      },
      ({ rigs }) => (rigs?.[0] ? { owners: [`rigs:${rigs[0].name}`] } : "values"),
    );
  });

  it("renameRig", () => {
    check(
      (texts, { rigs }) => (rigs?.[0] ? renameRig(texts, rigs[0].name, "gamma") : suspendCity(texts)),
      (city) => {
        const rig = city.rigs?.[0];
        if (rig) Object.assign(rig, { prefix: beadPrefix(rig.name), name: "gamma" });
        else city.workspace.suspended = true;
      },
      "values",
    );
  });

  it("renameNamedSession", () => {
    const first = (city: City): string => city.named_session?.[0]?.template ?? "";
    check(
      (texts, city) => (first(city) ? renameNamedSession(texts, first(city), "night-shift") : suspendCity(texts)),
      (city) => {
        const session = city.named_session?.[0];
        if (session) session.name = "night-shift";
        else city.workspace.suspended = true;
      },
      "values",
    );
  });

  it("setKubernetesPlace", () => {
    const place = { image: "registry.example.com/agent:2", namespace: "cities", context: "prod" };
    check(
      (texts) => setKubernetesPlace(texts, place),
      (city) => Object.assign(((city.session ??= {}).k8s ??= {}), place),
      "values",
    );
  });

  it("addProvider", () => {
    check(
      (texts) => addProvider(texts, { name: "yours", command: "run that", args: ["x"] }),
      (city) => void ((city.providers ??= {})["yours"] = { command: "run that", args: ["x"] }),
      "nothing",
    );
  });
});

describe("a text that is no TOML", () => {
  it("is refused by every command, with the place", () => {
    const texts = new Map([["city.toml", "[workspace]\nname = demo\n"]]);
    const outcomes = [
      addAgent(texts, { name: "x" }),
      renameAgent(texts, "x", "y"),
      removeAgent(texts, "x"),
      suspendAgent(texts, "x"),
      resumeAgent(texts, "x"),
      setPoolSize(texts, "x", { min: 1 }),
      addNamedSession(texts, { agent: "x" }),
      removeNamedSession(texts, "x"),
      renameNamedSession(texts, "x", "y"),
      renameRig(texts, "x", "y"),
      addRig(texts, { name: "x", path: "x" }),
      removeRig(texts, "x"),
      suspendRig(texts, "x"),
      resumeRig(texts, "x"),
      suspendCity(texts),
      resumeCity(texts),
      setKubernetesPlace(texts, { image: "x" }),
      addProvider(texts, { name: "x", command: "x" }),
    ];
    for (const { change, refusal } of outcomes) {
      expect(change).toBeUndefined();
      expect(refusal).toMatchObject({ code: "unparsable", at: { file: "city.toml", line: 1 } });
      expect(refusal?.reason).toContain("line 2");
    }
  });

  it("never throws", () => {
    const noise = fc.string({ maxLength: 4, unit: "binary" });
    fc.assert(
      fc.property(fc.constantFrom(...texts), noise, fc.nat(), (text, noise, at) => {
        const offset = at % (text.length + 1);
        const texts = new Map([["city.toml", text.slice(0, offset) + noise + text.slice(offset)]]);
        for (const outcome of [suspendCity(texts), removeAgent(texts, "mayor"), addAgent(texts, { name: "mayor2" })]) {
          expect(outcome.change === undefined).not.toBe(outcome.refusal === undefined);
        }
      }),
      { numRuns: 40 },
    );
  });
});
