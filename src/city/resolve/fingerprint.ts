import { createHash, type Hash } from "node:crypto";
import type { SessionConfig } from "../session-config.ts";
import { byBytes } from "../../lib/by-bytes.ts";

/** What of a session's configuration the fingerprints are made of. */
export type FingerprintedConfig = Pick<
  SessionConfig,
  | "command"
  | "env"
  | "fingerprintExtra"
  | "preStart"
  | "sessionSetup"
  | "sessionSetupScript"
  | "overlayDir"
  | "copyFiles"
  | "sessionLive"
>;

/** The parts of the core fingerprint, as gc keeps them in a session's bead to tell what has changed. */
export interface FingerprintBreakdown {
  readonly Command: string;
  readonly Env: string;
  readonly FPExtra: string;
  readonly PreStart: string;
  readonly SessionSetup: string;
  readonly SessionSetupScript: string;
  readonly OverlayDir: string;
  readonly CopyFiles: string;
}

/** Variables that make a session another one; all other may change while it runs. */
const countedVariables: ReadonlySet<string> = new Set([
  "GC_CITY",
  "GC_CITY_PATH",
  "GC_RIG",
  "GC_RIG_ROOT",
  "BEADS_DIR",
  "GC_TEMPLATE",
  "GC_ALIAS",
  "GC_SKILLS_DIR",
  "GC_BLESSED_BIN_DIR",
  "GC_PUBLICATION_PROVIDER",
  "GC_PUBLICATION_PUBLIC_BASE_DOMAIN",
  "GC_PUBLICATION_PUBLIC_BASE_URL",
  "GC_PUBLICATION_TENANT_BASE_DOMAIN",
  "GC_PUBLICATION_TENANT_BASE_URL",
  "GC_PUBLICATION_TENANT_SLUG",
]);

/**
 * What a running session has to be restarted for when it changes, as gc's CoreFingerprint (gascity-spec §2.6): sha256 in
 * hexadecimal, equal to gc's for an equal configuration. Paths of the machine are in it.
 */
export function coreFingerprint(config: FingerprintedConfig): string {
  const hash = createHash("sha256");
  writeCore(hash, config);
  return hash.digest("hex");
}

/** What a running session gets anew without a restart when it changes, as gc's LiveFingerprint (gascity-spec §2.6). */
export function liveFingerprint(config: FingerprintedConfig): string {
  const hash = createHash("sha256");
  writeLive(hash, config);
  return hash.digest("hex");
}

/** Both fingerprints in one, as gc's ConfigFingerprint (gascity-spec §2.6). */
export function configFingerprint(config: FingerprintedConfig): string {
  const hash = createHash("sha256");
  writeCore(hash, config);
  writeLive(hash, config);
  return hash.digest("hex");
}

/** The first 16 digits of a fingerprint of each part of the core, as gc's CoreFingerprintBreakdown. */
export function fingerprintBreakdown(config: FingerprintedConfig): FingerprintBreakdown {
  const part = (write: (hash: Hash) => void): string => {
    const hash = createHash("sha256");
    write(hash);
    return hash.digest("hex").slice(0, 16);
  };
  return {
    Command: part((hash) => hash.update(config.command)),
    Env: part((hash) => writeVariables(hash, config)),
    FPExtra: part((hash) => writeExtra(hash, config)),
    PreStart: part((hash) => writeStrings(hash, config.preStart)),
    SessionSetup: part((hash) => writeStrings(hash, config.sessionSetup ?? [])),
    SessionSetupScript: part((hash) => hash.update(config.sessionSetupScript ?? "")),
    OverlayDir: part((hash) => hash.update(config.overlayDir)),
    CopyFiles: part((hash) => writeCopyFiles(hash, config)),
  };
}

function writeCore(hash: Hash, config: FingerprintedConfig): void {
  writeString(hash, config.command);
  writeVariables(hash, config);
  writeExtra(hash, config);
  writeStrings(hash, config.preStart);
  hash.update("\u0001");
  writeStrings(hash, config.sessionSetup ?? []);
  hash.update("\u0001");
  writeString(hash, config.sessionSetupScript ?? "");
  writeString(hash, config.overlayDir);
  writeCopyFiles(hash, config);
}

function writeLive(hash: Hash, config: FingerprintedConfig): void {
  writeStrings(hash, config.sessionLive ?? []);
  hash.update("\u0001");
}

function writeVariables(hash: Hash, { env }: FingerprintedConfig): void {
  writeEntries(
    hash,
    Object.entries(env).filter(([name]) => countedVariables.has(name)),
  );
}

function writeExtra(hash: Hash, { fingerprintExtra = {} }: FingerprintedConfig): void {
  const entries = Object.entries(fingerprintExtra);
  if (entries.length > 0) writeString(hash, "fp");
  writeEntries(hash, entries);
}

function writeCopyFiles(hash: Hash, { copyFiles }: FingerprintedConfig): void {
  for (const { src, relDst, probed, contentHash } of copyFiles) {
    if (!probed) writeString(hash, src);
    writeString(hash, relDst);
    if (probed) writeString(hash, contentHash || "HASH_UNAVAILABLE");
  }
}

function writeEntries(hash: Hash, entries: readonly (readonly [string, string])[]): void {
  for (const [key, value] of entries.toSorted(([first], [second]) => byBytes(first, second))) {
    writeString(hash, `${key}=${value}`);
  }
}

function writeStrings(hash: Hash, texts: readonly string[]): void {
  for (const text of texts) writeString(hash, text);
}

function writeString(hash: Hash, text: string): void {
  hash.update(text).update("\0");
}
