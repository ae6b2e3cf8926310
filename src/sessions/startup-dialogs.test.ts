import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openDialog, showsPrompt, showsReadyPrompt, startupDialogs } from "./startup-dialogs.ts";

const none: ReadonlySet<string> = new Set();
const screen = (text: string): readonly string[] => text.split("\n");
const keysOn = (text: string): readonly string[] | undefined => openDialog(screen(text), none)?.keys;

const sign = fc.constantFrom(...startupDialogs.flatMap(({ signs }) => signs));
const prompt = fc.constantFrom(
  "❯",
  "> ",
  "$ ",
  "~/work$",
  "100s%",
  "[root@host work]#",
  "│ >                  │",
  "❯\u00A0",
);
const words = fc.array(fc.constantFrom("text", "❯ 1. Yes", "  2. No", "", "90%", "────────", "│ more │"), {
  maxLength: 6,
});

describe("openDialog", () => {
  it.each([
    ["trust", "╭───╮\n│ Do you trust the files in this folder? │\n│ ❯ 1. Yes, proceed │", ["Enter"]],
    ["trust on a narrow screen", "Do you trust the\ncontents of this\ndirectory?\n> 1. Yes", ["Enter"]],
    [
      "missing permissions",
      "WARNING: Claude Code running in Bypass Permissions mode\n❯ 1. No, exit",
      ["Down", "Enter"],
    ],
    ["an API key", "Detected a custom API key in your environment\n  1. Yes\n❯ 2. No (recommended) ✔", ["Up", "Enter"]],
    ["a limit", "Usage limit reached\n❯ 1. Stop and wait\n  2. Upgrade", ["Down", "Enter"]],
  ])("answers a question about %s", (_, text, keys) => {
    expect(keysOn(text)).toEqual(keys);
  });

  it("finds every question among other text, wherever it is broken", () => {
    fc.assert(
      fc.property(words, sign, words, fc.boolean(), (before, question, after, broken) => {
        const asked = broken ? question.split(" ") : [question];
        expect(openDialog([...before, ...asked, "│ ❯ 1. Yes │", ...after], none, "❯ ")).toBeDefined();
      }),
    );
  });

  it("never answers where a prompt is shown", () => {
    fc.assert(
      fc.property(words, sign, words, prompt, words, (before, question, between, sign, after) => {
        expect(openDialog([...before, question, ...between, sign, ...after], none)).toBeUndefined();
      }),
    );
  });

  it("never answers where the agent's own prompt is shown, whatever stands in it", () => {
    fc.assert(
      fc.property(
        words,
        sign,
        words,
        fc.constantFrom("", "Try a test", "rate limit"),
        (before, question, after, hint) => {
          expect(openDialog([...before, question, `❯ ${hint}`, ...after], none, "❯ ")).toBeUndefined();
        },
      ),
    );
  });

  it("takes common words alone for no question", () => {
    expect(keysOn("Reading the docs of our rate limit")).toBeUndefined();
  });

  it("never answers twice, however long the question stands", () => {
    fc.assert(
      fc.property(fc.array(fc.array(sign, { maxLength: 3 }), { maxLength: 20 }), (screens) => {
        const answered = new Set<string>();
        for (const shown of screens) {
          const dialog = openDialog(shown, answered);
          expect(dialog && answered.has(dialog.name)).not.toBe(true);
          if (dialog) answered.add(dialog.name);
        }
      }),
    );
  });
});

describe("showsPrompt", () => {
  it.each(["❯ 1. Yes, proceed", "used 90%", "a sentence with a sign $", "", "────>────x"])(
    "is not taken in by %j",
    (line) => {
      expect(showsPrompt([line])).toBe(false);
    },
  );
});

describe("showsReadyPrompt", () => {
  it.each([
    ["❯", "❯ ", true],
    ["❯\u00A0Try a test", "❯ ", true],
    ["│ > say something     │", "> ", true],
    ["❯ 1. Dark mode", "❯ ", false],
    ["so a ❯ b", "❯ ", false],
    ["", "❯ ", false],
  ])("of %j with the prefix %j is %s", (line, prefix, ready) => {
    expect(showsReadyPrompt(["other", line], prefix)).toBe(ready);
  });
});
