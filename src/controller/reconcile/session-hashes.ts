import { coreFingerprint, liveFingerprint } from "../../city/resolve/fingerprint.ts";
import type { SessionConfig } from "../../city/session-config.ts";

/** Fingerprints of what a session is started from (gascity-spec §2.6). */
export interface SessionHashes {
  /** What it has to be restarted for. */
  readonly core: string;
  /** What it gets anew without a restart. */
  readonly live: string;
}

const writtenByGc = ".gc/settings.json";

const known = new WeakMap<SessionConfig, SessionHashes>();

/**
 * Fingerprints of a configuration, made once. Unlike gc's they do not count how many sessions an agent may have, for nobody who
 * makes a pool larger wants all of its agents restarted; nor the settings that gc writes anew when it starts.
 */
export function sessionHashes(config: SessionConfig): SessionHashes {
  const before = known.get(config);
  if (before) return before;
  const { "pool.min": _min, "pool.max": _max, ...fingerprintExtra } = config.fingerprintExtra ?? {};
  const copyFiles = config.copyFiles.filter(({ relDst }) => relDst !== writtenByGc);
  const counted = { ...config, fingerprintExtra, copyFiles };
  const hashes = { core: coreFingerprint(counted), live: liveFingerprint(counted) };
  known.set(config, hashes);
  return hashes;
}
