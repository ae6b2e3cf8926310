import type { V1Pod } from "@kubernetes/client-node";
import type { SessionRecord } from "../../src/controller/reconcile/session-record.ts";

/** How many sessions of each agent a city shall have: exactly so many, or from one number to another. */
export type SessionCounts = Readonly<Record<string, number | readonly [number, number]>>;

/** Which pods of the city there are twice; also while anything is under way there must be none. */
export function doubledPods(pods: readonly V1Pod[]): readonly string[] {
  return repeated(pods.filter(isThere).map(aliasOf)).map((alias) => `${alias} has two pods`);
}

/** What is wrong with the pods of a city at rest. */
export function podFaults(pods: readonly V1Pod[], counts: SessionCounts): readonly string[] {
  const wrong = Object.entries(counts).flatMap(([agent, wanted]) => {
    const [least, most] = typeof wanted === "number" ? [wanted, wanted] : wanted;
    const count = podsOf(agent, pods).length;
    return least <= count && count <= most ? [] : [`${agent} has ${count} pods instead of ${String(wanted)}`];
  });
  const known = new Set(Object.keys(counts).flatMap((agent) => podsOf(agent, pods)));
  const strange = pods.filter((pod) => !known.has(pod));
  const idle = pods.filter((pod) => pod.status?.phase !== "Running" || !isThere(pod));
  return [
    ...wrong,
    ...strange.map((pod) => `${pod.metadata?.name} is nobody's`),
    ...idle.map((pod) => `${pod.metadata?.name} does not run`),
    ...doubledPods(pods),
  ];
}

/** Where open records and pods of a city at rest do not fit together. */
export function recordFaults(pods: readonly V1Pod[], records: readonly SessionRecord[]): readonly string[] {
  const names = new Set(pods.map((pod) => pod.metadata?.name));
  const orphans = [...names].filter((name) => !records.some(({ session }) => session === name));
  const lost = records.filter(({ state, session }) => state === "active" && !names.has(session));
  const asleep = records.filter(({ state, session }) => state !== "active" && names.has(session));
  return [
    ...orphans.map((name) => `${name} has no record`),
    ...lost.map(({ session }) => `${session} is recorded to run and has no pod`),
    ...asleep.map(({ session, state }) => `${session} runs and is recorded as ${state}`),
    ...repeated(records.map(({ session }) => session)).map((session) => `${session} has two records`),
    ...repeated(records.map(({ alias }) => alias)).map((alias) => `${alias} has two records`),
  ];
}

/** Which values there are more than once. */
export function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** Those of a named session's agent, or of a pool. */
export function podsOf(agent: string, pods: readonly V1Pod[]): readonly V1Pod[] {
  return pods.filter((pod) => aliasOf(pod) === agent || aliasOf(pod).startsWith(`${agent}-`));
}

/** Whether it counts: one that is being deleted makes room for the next. */
function isThere({ metadata, status }: V1Pod): boolean {
  return metadata?.deletionTimestamp === undefined && status?.phase !== "Succeeded" && status?.phase !== "Failed";
}

function aliasOf({ metadata }: V1Pod): string {
  return metadata?.labels?.["gc-agent"] ?? "";
}
