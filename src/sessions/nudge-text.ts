import { ProblemError } from "../lib/problem.ts";

// Far beyond any prompt, far below what a pod's exec stream or tmux minds.
const maxBytes = 64 * 1024;

/**
 * Text as it may be typed into an agent's terminal: line ends as LF, no other control character but tab, no line end at
 * the close (Enter follows). Fails with `unsupported` above 64 KiB.
 */
export function nudgeText(text: string): string {
  const typed = text
    .toWellFormed()
    .replace(/\r\n?/gu, "\n")
    // oxlint-disable-next-line no-control-regex -- these are what must not reach the terminal
    .replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/gu, "")
    .replace(/\n+$/u, "");
  if (Buffer.byteLength(typed) <= maxBytes) return typed;
  throw new ProblemError({
    code: "unsupported",
    reason: "The text is longer than 64 KiB",
    action: "Put it into a file of the city and name that file instead",
  });
}
