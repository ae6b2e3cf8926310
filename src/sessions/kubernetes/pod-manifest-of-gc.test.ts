import { isDeepStrictEqual } from "node:util";
import type { V1EnvVar, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { type Call, runEntry } from "../../../test/entry-sandbox.ts";
import { podDifferences } from "../../../test/pod-differences.ts";
import { type PodVector, madePods, ourPod, podVectors } from "../../../test/pod-vectors.ts";

/** The same in one spelling: the last of equal variables, sorted; quantities as numbers; nothing empty. */
function normalized(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => normalized(item));
    return key === "env" ? sortedVariables(items as V1EnvVar[]) : items;
  }
  if (typeof value === "string") return key === "cpu" || key === "memory" ? scalar(value) : value;
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name, item]) => name === "emptyDir" || !isEmpty(item));
  return Object.fromEntries(kept.map(([name, item]) => [name, normalized(item, name)]));
}

function sortedVariables(variables: readonly V1EnvVar[]): readonly V1EnvVar[] {
  const last = new Map(variables.map((variable) => [variable.name, variable]));
  return [...last.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

function scalar(amount: string): number {
  const factors = new Map([
    ["m", 0.001],
    ["", 1],
    ["Ki", 2 ** 10],
    ["Mi", 2 ** 20],
    ["Gi", 2 ** 30],
  ]);
  const factor = factors.get(/[A-Za-z]*$/u.exec(amount)?.[0] ?? "");
  if (factor === undefined) throw new Error(`unknown unit in ${amount}`);
  return Number.parseFloat(amount) * factor;
}

/** All but the entry command, of which only the effect counts. */
function specified(pod: V1Pod): unknown {
  const copy = structuredClone(pod);
  for (const container of copy.spec?.containers ?? []) delete container.args;
  return normalized(copy);
}

function changedPod({ pod, config }: PodVector): V1Pod {
  const changed = structuredClone(pod) ?? {};
  for (const difference of podDifferences) difference.pod?.(changed, config);
  return changed;
}

function changedCalls(calls: readonly Call[], kind: "calls" | "failedCalls"): readonly Call[] {
  return podDifferences.reduce((changed, difference) => difference[kind]?.(changed) ?? changed, calls);
}

/** Many pods have the same command. */
const ran = new Map<string, ReturnType<typeof runEntry>>();

function entryOf(pod: V1Pod, preStartExits = 0): ReturnType<typeof runEntry> {
  const argument = pod.spec?.containers[0]?.args?.[0] ?? "";
  const known = ran.get(`${preStartExits} ${argument}`) ?? runEntry(argument, preStartExits);
  ran.set(`${preStartExits} ${argument}`, known);
  return known;
}

describe("our pod is gc's, but for what we mean to change", () => {
  it.each(madePods)("as specified: $name", (vector) => {
    const expected = Object.assign(changedPod(vector), { apiVersion: "v1", kind: "Pod" });
    expect(specified(ourPod(vector))).toEqual(specified(expected));
  });

  it.each(madePods)("in what its entry command does: $name", (vector) => {
    const theirs = entryOf(vector.pod);
    expect(theirs.calls.map(([program]) => program)).toContain(theirs.calls[0]?.[0] === "id" ? "su" : "tmux");
    expect(entryOf(ourPod(vector))).toEqual({ ...theirs, calls: changedCalls(theirs.calls, "calls") });
  });

  it.each(madePods.filter(({ config }) => config.pre_start))(
    "in what it does when pre_start fails: $name",
    (vector) => {
      const theirs = entryOf(vector.pod, 7);
      expect(theirs.exitCode).toBe(0);
      expect(entryOf(ourPod(vector), 7)).toEqual({ calls: changedCalls(theirs.calls, "failedCalls"), exitCode: 1 });
    },
  );

  it.each(podVectors.filter(({ error }) => error))("in what it refuses: $name", (vector) => {
    const [variable = ""] = /GC_[A-Z0-9_]+/u.exec(vector.error ?? "") ?? [];
    expect(() => ourPod(vector)).toThrow(variable);
  });
});

it.each(podDifferences)("a difference that there is: $what", ({ pod, ...entry }) => {
  const differs = (vector: PodVector & { pod: V1Pod }): boolean => {
    const changed = structuredClone(vector.pod);
    pod?.(changed, vector.config);
    const calls = (
      [
        ["calls", 0],
        ["failedCalls", 7],
      ] as const
    ).map(([kind, exits]) => {
      const { calls: theirs } = entryOf(vector.pod, exits);
      return [theirs, entry[kind]?.(theirs) ?? theirs];
    });
    return [[vector.pod, changed], ...calls].some(([before, after]) => !isDeepStrictEqual(before, after));
  };
  expect(madePods.some(differs)).toBe(true);
});
