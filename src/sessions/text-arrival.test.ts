import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyCharacter } from "../../test/any-character.ts";
import { type TerminalSight, arrivalOf } from "./text-arrival.ts";

/** A screen with the cursor behind its last character. */
function sight(...screen: string[]): TerminalSight {
  return { screen, x: screen.at(-1)?.length ?? 0, y: Math.max(0, screen.length - 1) };
}

const digits = Array.from({ length: 100 }, (_, index) => index).join(" ");

describe("arrivalOf", () => {
  it.each<[string, string, TerminalSight, TerminalSight, string]>([
    ["at the prompt", "go on", sight("> "), sight("> go on"), "seen"],
    ["in a frame", "go on and on", sight("│ > │"), sight("│ > go on   │", "│ and on    │"), "seen"],
    ["a second time", "go on", sight("> go on", "> "), sight("> go on", "> go on"), "seen"],
    ["a second time on a full screen", digits, { ...sight(digits), y: 1, x: 0 }, sight(digits), "seen"],
    ["as a paste of many lines", "a\nb\nc", sight("❯ "), sight("❯ [Pasted text #2 +2 lines]"), "seen"],
    ["as a long paste", digits, sight("› "), sight("› [Pasted Content 290 chars]"), "seen"],
    ["in characters that no two programs draw alike", "🚀", sight("> "), sight("> 🚀"), "seen"],
    ["as stars", "secret", sight("Password: "), sight("Password: ******"), "changed"],
    ["not at all", "go on", sight("> "), sight("> "), "nothing"],
    ["not by an open choice", "go on", sight("❯ 1. Yes", "  2. No"), sight("❯ 1. Yes", "  2. No"), "question"],
    ["not by a choice in motion", "go on", sight("❯ 1. Yes", "  2. No"), sight("  1. Yes", "❯ 2. No"), "question"],
    ["not by a list", "go on", sight("1. First", "2. Second"), sight("1. First", "2. Second"), "nothing"],
  ])("sees a text %s", (_, text, before, now, arrival) => {
    expect(arrivalOf(text, before, now)).toBe(arrival);
  });

  it("sees any text that is broken into lines somewhere, and never says so of the screen before", () => {
    const anyText = fc.string({ unit: anyCharacter, minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 50 }), (text, width) => {
        const before = sight("> ");
        const lines = `> ${text}`.match(new RegExp(`.{1,${width}}`, "gsu")) ?? [];
        expect(arrivalOf(text, before, sight(...lines, ""))).toBe("seen");
        expect(arrivalOf(text, before, before)).toBe("nothing");
      }),
    );
  });
});
