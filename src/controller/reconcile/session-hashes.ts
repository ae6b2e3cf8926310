import { coreFingerprint, liveFingerprint } from "../../city/resolve/fingerprint.ts";
import type { SessionConfig } from "../../city/session-config.ts";

/** Fingerprints of what a session is started from (gascity-spec §2.6). */
export interface SessionHashes {
  /** What it has to be restarted for. */
  readonly core: string;
  /** What it gets anew without a restart. */
  readonly live: string;
}

const known = new WeakMap<SessionConfig, SessionHashes>();

/** Fingerprints of a configuration, made once. */
export function sessionHashes(config: SessionConfig): SessionHashes {
  const before = known.get(config);
  if (before) return before;
  const hashes = { core: coreFingerprint(config), live: liveFingerprint(config) };
  known.set(config, hashes);
  return hashes;
}
