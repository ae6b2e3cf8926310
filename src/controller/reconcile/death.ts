import { asleep, quarantined, type RecordPatch } from "./record-changes.ts";
import type { SessionRecord } from "./session-record.ts";

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
    // What was asked for is still asked for.
    ...(pendingCreate && { pending_create_claim: "true" }),
  };
  const quarantine = attempts >= mostAttempts ? "quarantine" : churn >= mostChurn ? "context-churn" : undefined;
  if (!quarantine) return { patch: { ...asleep(reason, now), ...counts }, quarantinedUntil: undefined };
  const until = now + quarantineTime;
  return { patch: { ...quarantined(quarantine, until, now), ...counts }, quarantinedUntil: until };
}
