import { asleep, quarantined, type RecordPatch } from "./record-changes.ts";
import type { SessionRecord } from "./session-record.ts";
import type { KnownEnds } from "./world.ts";

/** A session that died sooner than this, in milliseconds, has never been well (gascity-spec §3.7, constants). */
const stable = 30_000;
/** One that died sooner than this has at least lived. */
const settled = 5 * 60_000;
export const quarantineTime = 5 * 60_000;
const mostAttempts = 5;
const mostChurn = 3;
/** How many failures are counted that are no session's fault. */
const mostBlameless = 3;

/** How long after its death a session is started again: at once, then after 1, 2 and 4 seconds. */
const retryDelay = 1000;

/** What becomes of a session that died or did not start. */
export interface Death {
  readonly patch: RecordPatch;
  /** Until when nobody starts it; undefined when it may come back. */
  readonly quarantinedUntil: number | undefined;
}

/**
 * gc ends a local session by signals first, in milliseconds: two seconds later it takes its terminal away, and only then
 * says what it did. Whoever started it anew meanwhile would lose that one too.
 */
const killing = 3000;

/** Until when whoever ended the session by a signal may still be at it, in milliseconds since the epoch; 0 for never. */
export function killedUntil({ session }: SessionRecord, { signalled }: KnownEnds, now: number): number {
  const at = signalled.get(session) ?? 0;
  return at > now ? 0 : at + killing;
}

/** Somebody has ended it and said so (gascity-spec §3.11, kill): none of its deaths. */
export function killed({ pendingCreate }: SessionRecord, now: number): RecordPatch {
  return { ...asleep("killed", now), ...stillAskedFor(pendingCreate) };
}

/** A running session has ended unasked (gascity-spec §3.7, rows 9 and 10). */
export function died(record: SessionRecord, now: number): Death {
  const lived = now - (record.lastWokeAt ?? now);
  if (lived < stable) return counted(record, record.wakeAttempts + 1, record.churnCount, "crash", now);
  if (lived < settled) return counted(record, 0, record.churnCount + 1, "crash", now);
  return counted(record, 0, 0, "crash", now);
}

/**
 * A start has failed (gascity-spec §3.8). One that the cluster is to blame for is tried again every two seconds, and brings no
 * session into quarantine.
 */
export function failedToStart(
  record: SessionRecord,
  now: number,
  { blameless }: { readonly blameless: boolean },
): Death {
  const attempts = record.wakeAttempts + 1;
  const counts = blameless ? Math.max(record.wakeAttempts, Math.min(attempts, mostBlameless)) : attempts;
  return counted(record, counts, record.churnCount, "failed-start", now);
}

/**
 * When a session may be started again, in milliseconds since the epoch; 0 for any time, also when it died in a time to come,
 * by a clock that was set back since.
 */
export function retryAt({ wakeAttempts, sleptAt }: SessionRecord, now: number): number {
  if (sleptAt === undefined || sleptAt > now || wakeAttempts < 2) return 0;
  return sleptAt + retryDelay * 2 ** (wakeAttempts - 2);
}

function counted(
  { pendingCreate }: SessionRecord,
  attempts: number,
  churn: number,
  reason: string,
  now: number,
): Death {
  const counts = {
    wake_attempts: String(attempts),
    churn_count: String(churn),
    ...stillAskedFor(pendingCreate),
  };
  const quarantine = attempts >= mostAttempts ? "quarantine" : churn >= mostChurn ? "context-churn" : undefined;
  if (!quarantine) return { patch: { ...asleep(reason, now), ...counts }, quarantinedUntil: undefined };
  const until = now + quarantineTime;
  return { patch: { ...quarantined(quarantine, until, now), ...counts }, quarantinedUntil: until };
}

/** What was asked for is still asked for. */
function stillAskedFor(pendingCreate: boolean): RecordPatch {
  return pendingCreate ? { pending_create_claim: "true" } : {};
}
