import { bare } from "./startup-dialogs.ts";

/** A terminal's screen and where its cursor is, in cells from the upper left corner. */
export interface TerminalSight {
  readonly screen: readonly string[];
  readonly x: number;
  readonly y: number;
}

/**
 * What a screen tells of a text that was typed:
 * - `seen`: its end is there, or what full-screen programs show in place of a long one
 * - `changed`: something else is there than before, as where a program shows stars
 * - `question`: not the text, but a numbered choice that is open, which Enter would answer
 * - `nothing`: all is as it was
 */
export type Arrival = "seen" | "changed" | "question" | "nothing";

/** A numbered choice with a pointer before it: agents list things by number all day. */
const pointedChoice = /^[❯›>●▶] *\d[.)] /u;

/** As many characters are taken for proof. */
const proof = 24;

/** Whether two sights of a terminal show the same. */
export function sameSight(a: TerminalSight, b: TerminalSight): boolean {
  return a.x === b.x && a.y === b.y && a.screen.join("\n") === b.screen.join("\n");
}

/** Judges by the screen `before` and `now` whether the text has arrived. Pure. */
export function arrivalOf(text: string, before: TerminalSight, now: TerminalSight): Arrival {
  const same = sameSight(before, now);
  const end = (text.split("\n").map(ink).findLast(Boolean) ?? "").slice(-proof);
  const typed = ink(beforeCursor(now));
  if (!same) {
    if (end === "" || more(end, ink(before.screen.join("")), ink(now.screen.join(""))) || typed.endsWith(end))
      return "seen";
    if (placeholders(now) !== placeholders(before)) return "seen";
  }
  if (now.screen.some((line) => pointedChoice.test(bare(line)))) return "question";
  return same ? "nothing" : "changed";
}

/**
 * The characters that every terminal and program shows as they are: lines are broken and framed, and what is wide,
 * combined or new in Unicode is drawn as each can.
 */
function ink(text: string): string {
  return text.replace(
    /[^!-~\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}]|[\uA000-\u{10FFFF}]/gu,
    "",
  );
}

function beforeCursor({ screen, x, y }: TerminalSight): string {
  return [...screen.slice(0, y), (screen[y] ?? "").slice(0, x)].join("\n");
}

function more(part: string, before: string, now: string): boolean {
  return now.split(part).length > before.split(part).length;
}

/** `[Pasted text #1 +20 lines]`, `[Pasted Content 2000 chars]` and the like, as agents show them. */
function placeholders({ screen }: TerminalSight): string {
  return (screen.join(" ").match(/\[pasted (?:text|content)\b[^\]]*\]/giu) ?? []).join("");
}
