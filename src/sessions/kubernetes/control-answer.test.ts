import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { controlAnswer, withoutNotifications } from "./control-answer.ts";

describe("controlAnswer", () => {
  it("joins what several commands printed, and leaves out what stands between them", () => {
    const printed = [
      "%end 1795712786 12 1",
      "%window-renamed @1 main",
      "%begin 1795712787 13 1",
      "first",
      "%end 1795712787 13 1",
      "%begin 1795712787 14 1",
      "",
      " second",
      "%end 1795712787 14 1",
      "%begin 1795712787 15 1",
    ].join("\n");
    expect(controlAnswer(printed)).toEqual({ exitCode: 0, output: "first\n\n second\n" });
  });

  it("says that a command failed, and why", () => {
    const printed = "%begin 1 2 1\nbefore\n%end 1 2 1\n%begin 1 3 1\ncan't find session: nobody\n%error 1 3 1";
    expect(controlAnswer(printed)).toEqual({ exitCode: 1, output: "before\ncan't find session: nobody\n" });
  });

  it("gives every line back that was printed, also one that looks like tmux's own", () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom("%begin 1 2 1", "%end 1 2 1", "%error 1 2 1", "%exit", "%end", "%begin"),
    );
    const notification = fc.constantFrom(
      "%sessions-changed",
      "%window-add @3",
      "%exit",
      "%unlinked-window-renamed @2 x",
    );
    const block = fc.record({ lines: fc.array(line), fails: fc.boolean(), before: fc.array(notification) });
    fc.assert(
      fc.property(fc.array(block), (blocks) => {
        const words = (index: number): string => `1795712786 ${100 + index} 1`;
        const printed = blocks.flatMap(({ lines, fails, before }, index) => [
          ...before,
          `%begin ${words(index)}`,
          ...lines,
          `${fails ? "%error" : "%end"} ${words(index)}`,
        ]);
        expect(controlAnswer(printed.join("\n"))).toEqual({
          exitCode: blocks.some(({ fails }) => fails) ? 1 : 0,
          output: blocks.flatMap(({ lines }) => lines.map((each) => `${each}\n`)).join(""),
        });
      }),
    );
  });
});

describe("withoutNotifications", () => {
  it("keeps what a program printed", () => {
    const printed = "%end 1 2 1\npgrep: bad pattern\n%window-add @1\nUsage: %d\n";
    expect(withoutNotifications(printed)).toBe("pgrep: bad pattern\nUsage: %d\n");
  });
});
