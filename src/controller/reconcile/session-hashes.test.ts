import { describe, expect, it } from "vitest";
import { configOf } from "../../../test/reconciled-world.ts";
import { sessionHashes } from "./session-hashes.ts";

const config = configOf("run");
const file = { src: "/city/.gc/settings.json", relDst: ".gc/settings.json", probed: true };

describe("sessionHashes", () => {
  it("change with what the agent is made of", () => {
    expect(sessionHashes(configOf("run faster")).core).not.toBe(sessionHashes(config).core);
    expect(sessionHashes(configOf("run", ["theme"])).live).not.toBe(sessionHashes(config).live);
    const scripts = { ...config, copyFiles: [{ ...file, relDst: ".gc/scripts", contentHash: "a" }] };
    expect(sessionHashes(scripts).core).not.toBe(sessionHashes(config).core);
  });

  it("stay when a pool is made larger, and when gc writes its settings anew", () => {
    const larger = { ...config, fingerprintExtra: { "pool.min": "1", "pool.max": "9" } };
    const rewritten = { ...config, copyFiles: [{ ...file, contentHash: "b" }] };
    expect(sessionHashes(larger)).toEqual(sessionHashes(config));
    expect(sessionHashes(rewritten)).toEqual(sessionHashes(config));
  });
});
