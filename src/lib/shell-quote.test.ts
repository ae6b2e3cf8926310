import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shellJoin, shellQuote } from "./shell-quote.ts";

describe("shellQuote", () => {
  it.each([
    ["", "''"],
    ["--model=a,b:c@d%e+f-g_h.i/j^k", "--model=a,b:c@d%e+f-g_h.i/j^k"],
    ["größe", "größe"],
    ["two words", "'two words'"],
    ["it's", "'it'\\''s'"],
    ["~", "'~'"],
  ])("%j is %s", (text, quoted) => {
    expect(shellQuote(text)).toBe(quoted);
  });

  it("a shell gets back what went in", () => {
    const word = fc.string({ unit: "binary-ascii" }).filter((text) => !text.includes("\0"));
    const words = fc.sample(fc.array(word, { minLength: 1, maxLength: 20 }), { numRuns: 40, seed: 7 });
    for (const texts of words) {
      const script = `for word in ${shellJoin(texts)}; do printf '%s\\0' "$word"; done`;
      expect(execFileSync("sh", ["-c", script]).toString().split("\0").slice(0, -1)).toEqual(texts);
    }
  });
});
