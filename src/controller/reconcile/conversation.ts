import type { City } from "../../city/city.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import type { RecordPatch } from "./record-changes.ts";
import type { SessionRecord } from "./session-record.ts";

/** What an agent's program keeps of a session, to go on with it in the next incarnation. */
export interface Conversation {
  readonly key: string;
  /** The generation that began it; 0 for one that gc has begun. */
  readonly begunBy: number;
}

/** Whether what an agent's program keeps outlives its session: a pod's files go with the pod. */
export function keepsConversations({ provider }: Pick<City, "provider">): boolean {
  return provider.kind !== "k8s";
}

/**
 * Reads a record's conversation. It stands in a key of our own: gc takes every start of a session without fingerprints for a
 * first one, and would begin a conversation whose `session_key` is there already (gascity-spec §2.6). One that gc itself has
 * begun since is the newer one.
 */
export function readConversation(metadata: Readonly<Record<string, string>>): Conversation | undefined {
  const { gascity_session_key: own = "", session_key: theirs = "", started_config_hash: startedByGc = "" } = metadata;
  if (theirs !== "" && startedByGc !== "") return { key: theirs, begunBy: 0 };
  const [, begunBy, key] = /^(\d{1,9}) (\S+)$/u.exec(own) ?? [];
  return key === undefined ? undefined : { key, begunBy: Number(begunBy) };
}

/**
 * Before a start: the conversation that the next incarnation goes on with, or begins under `newKey`. One whose last
 * incarnation did not come up or died at once is not tried again: it may be gone, and with it whoever insists on it.
 */
export function nextConversation(
  record: Pick<SessionRecord, "conversation" | "generation" | "startedFrom" | "wakeAttempts">,
  config: Pick<SessionConfig, "conversation"> | undefined,
  newKey: string,
): RecordPatch {
  if (!config?.conversation) return {};
  const { conversation, generation, startedFrom, wakeAttempts } = record;
  const wasBegun = conversation && (startedFrom !== undefined || conversation.begunBy === 0);
  const next = wasBegun && wakeAttempts === 0 ? conversation : { key: newKey, begunBy: generation + 1 };
  return { gascity_session_key: `${next.begunBy} ${next.key}`, session_key: "" };
}
