/** What a line to a watcher begins with that tells it a beginning: a number, a space and the beginning. */
export const beginningMark = "=";

/** How many beginnings a watcher keeps, and in how many characters of a line one ends. */
const [most, longest] = [32, 300];
/** An end with more characters than this is rather made part of a beginning of its own. */
const shortEnd = 8;

/**
 * Says lines to a watcher in few bytes, since a shell reads its input byte by byte, with a system call for each: how a line
 * begins is said once, then by its number. The one unused for longest gives its number away.
 */
export class KnownBeginnings {
  /** The one used last is the last. */
  readonly #numbers = new Map<string, number>();

  /** What to write for a command, line ends included. All that is returned must be written, in the same order. */
  say(line: string): string {
    const cut = line.slice(0, longest).lastIndexOf(" ") + 1;
    if (line.length <= longest && this.#numbers.has(line)) return this.#with(line, "");
    const [beginning, end] = [line.slice(0, cut), line.slice(cut)];
    const comesAgain = this.#numbers.has(beginning) && end.length > shortEnd && line.length <= longest;
    return comesAgain ? this.#with(line, "") : this.#with(beginning, end);
  }

  #with(beginning: string, end: string): string {
    const known = this.#numbers.get(beginning);
    const number = known ?? this.#freeNumber();
    this.#numbers.delete(beginning);
    this.#numbers.set(beginning, number);
    const said = `${number} ${end}\n`;
    return known === undefined ? `${beginningMark}${number} ${beginning}\n${said}` : said;
  }

  #freeNumber(): number {
    const [oldest] = this.#numbers;
    if (this.#numbers.size < most || !oldest) return this.#numbers.size;
    this.#numbers.delete(oldest[0]);
    return oldest[1];
  }
}
