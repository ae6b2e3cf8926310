import fc from "fast-check";
import { describe, expect } from "vitest";
import { tmuxTest as it } from "../../test/tmux-test.ts";
import { literal } from "./agent-verbs.ts";
import { tmuxCommandLine } from "./tmux-command-line.ts";

const endOfWord = ["display-message", "-p", "|"];

describe.concurrent("tmuxCommandLine", () => {
  it("is one line of printable ASCII, whatever the words are", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (words) => {
        expect(tmuxCommandLine(words)).toMatch(/^[ -~]*$/u);
      }),
    );
  });

  it("ends commands where tmux's own command line would", () => {
    const words = [";", "a", "x;", "b", "\\;", ";", ";", "c", "y\\;"];
    expect(tmuxCommandLine(words)).toBe('a x;b ";";c "y;"');
  });

  it("gives tmux every word as it was", async ({ tmux }) => {
    tmux.startAgent();
    // tmux knows no null characters; half a surrogate pair is no text.
    const text = fc.string({ unit: "binary" }).map((any) => any.toWellFormed().replaceAll("\0", "~"));
    const sample = [
      "~/x",
      "$HOME",
      "%if",
      "#{pid} #(id)",
      "a=b",
      "{",
      "}",
      '"',
      "'",
      "\\",
      "# no",
      "two\n lines",
      "-x;",
    ];
    const words = [...sample, ...fc.sample(text, { numRuns: 300, seed: 1 })];
    const lines = words.map((word, index) => tmuxCommandLine(["set-option", "-s", `@w${index}`, literal(word)]));
    const show = words.map((_, index) => tmuxCommandLine(["show-options", "-sv", `@w${index}`, ";", ...endOfWord]));
    const input = [...lines, ...show].join("\n");
    const { stdout, stderr, exitCode } = await tmux.run(["tmux", "-u", "source-file", "-"], input);
    expect([stderr, exitCode]).toEqual(["", 0]);
    expect(stdout).toBe(words.map((word) => `${word}\n|\n`).join(""));
  });
});
