import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { shellQuote } from "../../lib/shell-quote.ts";
import { launchLine } from "./launch-line.ts";

const config = {
  workDir: "/",
  command: "printf '%s|'",
  env: {},
  processNames: [],
  nudge: "",
  preStart: [],
  overlayDir: "",
  copyFiles: [],
};

const run = (line: string): string => execFileSync("sh", ["-c", line]).toString();

describe("the line that starts an agent", () => {
  it("is its command without a prompt, however long", async () => {
    const command = "x".repeat(50_000);
    expect(await launchLine({ ...config, command })).toBe(command);
  });

  it("has a short prompt in it", async () => {
    const line = await launchLine({ ...config, promptSuffix: shellQuote("it's\nyou"), promptFlag: "--prompt" });
    expect(line).toBe("printf '%s|' --prompt 'it'\\''s\nyou'");
    expect(run(line)).toBe("--prompt|it's\nyou|");
  });

  it("has a long prompt in a file of its own, which is gone when it has run", async () => {
    const prompt = "größe $HOME `x` \\ 'quoted'\n".repeat(2000);
    const line = await launchLine({ ...config, promptSuffix: shellQuote(prompt) });
    const script = line.replace(/^sh /u, "");
    expect(line.length).toBeLessThan(200);
    expect(statSync(script).mode & 0o077).toBe(0);
    expect(run(line)).toBe(`${prompt}|`);
    expect(existsSync(dirname(script))).toBe(false);
  });
});
