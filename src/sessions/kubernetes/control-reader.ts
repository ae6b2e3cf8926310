/** One message of tmux's control mode. */
export type ControlMessage =
  | {
      readonly kind: "reply";
      readonly ok: boolean;
      /** Whether it answers a command of this client, rather than one that tmux ran by itself. */
      readonly own: boolean;
      readonly lines: readonly string[];
    }
  | { readonly kind: "notification"; readonly line: string };

/**
 * Reads what `tmux -C` writes (tmux(1), CONTROL MODE): a command's reply stands between `%begin` and `%end` or
 * `%error` with the same numbers; every other line is a notification. Feed it lines without their line end.
 */
export class ControlReader {
  #guard: string | undefined;
  #lines: string[] = [];

  /** The message that this line completes, if any. */
  read(line: string): ControlMessage | undefined {
    const [word = "", ...numbers] = line.split(" ");
    if (this.#guard === undefined) {
      if (word !== "%begin") return { kind: "notification", line };
      this.#guard = numbers.join(" ");
      return undefined;
    }
    if ((word === "%end" || word === "%error") && numbers.join(" ") === this.#guard) {
      const lines = this.#lines;
      this.#guard = undefined;
      this.#lines = [];
      return { kind: "reply", ok: word === "%end", own: numbers.at(-1) === "1", lines };
    }
    this.#lines.push(line);
    return undefined;
  }
}
