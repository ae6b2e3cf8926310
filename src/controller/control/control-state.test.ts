import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { type ControlFacts, controlState, keptBy } from "./control-state.ts";
import { holderOf } from "./lease-holder.ts";

const facts: ControlFacts = { wants: false, locked: false, local: undefined, lease: undefined, problem: undefined };
const problem = { code: "control-lost", reason: "r", action: "a" } as const;
const ada = holderOf("ada_7_editor_0123456789ab");
if (!ada) throw new Error("no holder");
const theirs = { kind: "theirs", holder: ada, since: 5 } as const;

describe("who controls a city", () => {
  it.each<[string, Partial<ControlFacts>, string]>([
    ["nobody who is known", {}, "free"],
    ["not known while it is asked for", { wants: true }, "taking"],
    ["this process, with the lock, where there is no cluster", { wants: true, locked: true }, "controlling"],
    [
      "not known before the lock is had: another in the lease may be its last holder",
      { wants: true, lease: theirs },
      "taking",
    ],
    ["not yet, with the lock alone", { wants: true, locked: true, lease: { kind: "free" } }, "taking"],
    ["this process, with both", { wants: true, locked: true, lease: { kind: "ours" } }, "controlling"],
    ["nobody, while it is given back", { locked: true, lease: { kind: "ours" } }, "free"],
    ["another, also for who only looks on", { lease: theirs }, "elsewhere"],
    ["another, whatever the problem with it", { wants: true, locked: true, lease: theirs, problem }, "elsewhere"],
    ["another on this machine", { local: { pid: 7 }, lease: theirs }, "elsewhere"],
    ["nobody, for a reason", { wants: true, locked: true, lease: { kind: "unknown" }, problem }, "lost"],
    ["nobody any more, for a reason", { problem }, "lost"],
  ])("%s", (_, change, kind) => {
    expect(controlState({ ...facts, ...change }).kind).toBe(kind);
  });

  it("is told with all that is known of it", () => {
    expect(controlState({ ...facts, lease: theirs })).toEqual({
      kind: "elsewhere",
      by: "an editor on ada (process 7)",
      where: "the cluster",
      host: "ada",
      pid: 7,
      program: "editor",
      since: 5,
    });
    const local = controlState({ ...facts, local: { pid: 7 }, lease: theirs });
    expect(local).toMatchObject({ by: "another controller on this machine (process 7)", host: hostname(), pid: 7 });
    if (local.kind === "elsewhere") expect(keptBy(local).problem.action).toContain("End process 7");
  });
});
