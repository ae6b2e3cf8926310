import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readVectors } from "../../../test/golden-vectors.ts";
import type { CopyFile } from "../session-config.ts";
import {
  configFingerprint,
  coreFingerprint,
  type FingerprintedConfig,
  fingerprintBreakdown,
  liveFingerprint,
} from "./fingerprint.ts";

interface FingerprintVector {
  readonly name: string;
  readonly config: {
    command?: string;
    env?: Record<string, string>;
    fingerprint_extra?: Record<string, string>;
    pre_start?: string[];
    session_setup?: string[];
    session_setup_script?: string;
    overlay_dir?: string;
    copy_files?: { src?: string; rel_dst?: string; probed?: boolean; content_hash?: string }[];
    session_live?: string[];
  };
  readonly core_fingerprint: string;
  readonly live_fingerprint: string;
  readonly config_fingerprint: string;
  readonly breakdown: Record<string, string>;
}
const vectors = (readVectors("fingerprints.json") as { configs: FingerprintVector[] }).configs;

function configOf({ config }: FingerprintVector): FingerprintedConfig {
  return {
    command: config.command ?? "",
    env: config.env ?? {},
    preStart: config.pre_start ?? [],
    overlayDir: config.overlay_dir ?? "",
    copyFiles: (config.copy_files ?? []).map(copyFile),
    ...(config.fingerprint_extra && { fingerprintExtra: config.fingerprint_extra }),
    ...(config.session_setup && { sessionSetup: config.session_setup }),
    ...(config.session_setup_script && { sessionSetupScript: config.session_setup_script }),
    ...(config.session_live && { sessionLive: config.session_live }),
  };
}

function copyFile(file: NonNullable<FingerprintVector["config"]["copy_files"]>[number]): CopyFile {
  const { src = "", rel_dst: relDst = "", probed = false, content_hash: contentHash } = file;
  return contentHash === undefined ? { src, relDst, probed } : { src, relDst, probed, contentHash };
}

describe("fingerprints", () => {
  it.each(vectors)("are gc's: $name", (vector) => {
    const config = configOf(vector);
    expect(coreFingerprint(config)).toBe(vector.core_fingerprint);
    expect(liveFingerprint(config)).toBe(vector.live_fingerprint);
    expect(configFingerprint(config)).toBe(vector.config_fingerprint);
    expect(fingerprintBreakdown(config)).toEqual(vector.breakdown);
  });

  const name = fc.oneof(fc.constantFrom("GC_CITY", "GC_RIG", "BEADS_DIR", "GC_ALIAS"), fc.string({ unit: "grapheme" }));
  const variables = fc.dictionary(name, fc.string({ unit: "grapheme" }), { maxKeys: 8 });
  const base = { command: "c", preStart: [], overlayDir: "", copyFiles: [] };

  it("do not depend on the order of keys", () => {
    fc.assert(
      fc.property(variables, variables, (env, fingerprintExtra) => {
        const turned = (values: Record<string, string>) => Object.fromEntries(Object.entries(values).toReversed());
        expect(coreFingerprint({ ...base, env: turned(env), fingerprintExtra: turned(fingerprintExtra) })).toBe(
          coreFingerprint({ ...base, env, fingerprintExtra }),
        );
      }),
    );
  });

  it("change with each part that its breakdown names, and with no other", () => {
    const change: Record<keyof ReturnType<typeof fingerprintBreakdown>, Partial<FingerprintedConfig>> = {
      Command: { command: "d" },
      Env: { env: { GC_RIG: "r" } },
      FPExtra: { fingerprintExtra: { a: "b" } },
      PreStart: { preStart: ["p"] },
      SessionSetup: { sessionSetup: ["s"] },
      SessionSetupScript: { sessionSetupScript: "x" },
      OverlayDir: { overlayDir: "o" },
      CopyFiles: { copyFiles: [{ src: "a", relDst: "b" }] },
    };
    const before = { ...base, env: {} };
    for (const [part, changed] of Object.entries(change)) {
      const after = { ...before, ...changed };
      expect(coreFingerprint(after)).not.toBe(coreFingerprint(before));
      const old = Object.entries(fingerprintBreakdown(before));
      const differing = Object.entries(fingerprintBreakdown(after)).filter(([key, value]) =>
        old.some(([other, was]) => other === key && was !== value),
      );
      expect(differing.map(([key]) => key)).toEqual([part]);
    }
  });
});
