import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KnownBeginnings, beginningMark } from "./known-beginnings.ts";

/** The commands that a watcher makes of its input. */
function heard(input: string): string[] {
  const beginnings = new Map<string, string>();
  return (
    input.match(/.+(?=\n)/gu)?.flatMap((line) => {
      const [, number = "", text = ""] = /^=?(\d+) (.*)$/u.exec(line) ?? [];
      if (!line.startsWith(beginningMark)) return [`${beginnings.get(number)}${text}`];
      beginnings.set(number, text);
      return [];
    }) ?? []
  );
}

describe("KnownBeginnings", () => {
  it("says once how a line begins, and a long end the second time", () => {
    const known = new KnownBeginnings();
    expect(known.say("send-keys -t main -- x")).toBe("=0 send-keys -t main -- \n0 x\n");
    expect(known.say("send-keys -t main -- y")).toBe("0 y\n");
    const ask = 'display-message -p "#{session_attached}"';
    expect([1, 2, 3].map(() => known.say(ask))).toEqual([
      '=1 display-message -p \n1 "#{session_attached}"\n',
      `=2 ${ask}\n2 \n`,
      "2 \n",
    ]);
    expect(known.say("kill-server")).toBe("=3 \n3 kill-server\n");
  });

  it("keeps what is used while others come and go", () => {
    const known = new KnownBeginnings();
    known.say("often x");
    for (let other = 0; other < 100; other++) {
      known.say(`other-${other} x`);
      expect(known.say("often x")).toBe("0 x\n");
    }
  });

  it("is understood, whatever is said", () => {
    const word = fc.oneof(
      fc.constantFrom("a", "b", "12", "=", "=1", "?", "0123456789", "x".repeat(299), "y".repeat(70_000)),
      fc.string({ unit: fc.constantFrom("a", "$", "`", "\\", "'", '"', "=", "%", "0", " ") }),
    );
    const line = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        const known = new KnownBeginnings();
        expect(heard(lines.map((each) => known.say(each)).join(""))).toEqual(lines);
      }),
    );
  });
});
