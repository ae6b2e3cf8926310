import type { Span } from "./scanned-toml.ts";

/** A place in a text that only moves on. Collects the comments that it passes. */
export class TextCursor {
  readonly text: string;
  readonly comments: Span[] = [];
  at = 0;
  #firstOnLine = 0;
  readonly #found = new Map<RegExp, number>();

  /** A byte order mark at the text's start is passed at once. */
  constructor(text: string) {
    this.text = text;
    if (text.startsWith("\uFEFF")) this.at = 1;
  }

  get char(): string {
    return this.text.charAt(this.at);
  }

  startsWith(part: string): boolean {
    return this.text.startsWith(part, this.at);
  }

  /** Moves past what `pattern`, a sticky one, matches here, and returns it; "" when it does not match. */
  take(pattern: RegExp): string {
    const start = this.at;
    pattern.lastIndex = start;
    if (pattern.test(this.text)) this.at = pattern.lastIndex;
    return this.text.slice(start, this.at);
  }

  /** Moves past blanks on this line. */
  skipBlanks(): void {
    this.take(/[ \t]*/y);
  }

  /** Moves to the first thing on this or a later line that is no comment; false at the end of the text. */
  skipBlankLines(): boolean {
    for (;;) {
      const isNewLine = this.take(/[ \t\r\n]*/y).includes("\n");
      if (this.skipComment()) continue;
      if (isNewLine) this.#firstOnLine = this.at;
      return this.at < this.text.length;
    }
  }

  /** Moves to the end of this line. What is on it is ignored but for a comment. */
  skipLine(): void {
    this.take(/[^#\n]*/y);
    this.skipComment();
  }

  /** Whether a line starts here with what can only be a header or an entry of its own, not part of a value. */
  get startsStatement(): boolean {
    statement.lastIndex = this.at;
    return statement.test(this.text);
  }

  /** Whether `skipBlankLines` came to a new line and stopped here. */
  get isFirstOnLine(): boolean {
    return this.at === this.#firstOnLine;
  }

  /** Whether a `}` comes before the next header: what is open here is then more than half-written. */
  get isClosedBelow(): boolean {
    const brace = this.#next(closingBrace);
    return brace < Infinity && brace < this.#next(headerLine);
  }

  /** Where `pattern`, a global one, matches next; Infinity for nowhere. What was found once is not looked for again. */
  #next(pattern: RegExp): number {
    const known = this.#found.get(pattern) ?? -1;
    if (known >= this.at) return known;
    pattern.lastIndex = this.at;
    const index = pattern.exec(this.text)?.index ?? Infinity;
    this.#found.set(pattern, index);
    return index;
  }

  skipComment(): boolean {
    const start = this.at;
    if (this.take(/#[^\n]*/y) === "") return false;
    const end = this.text.charAt(this.at - 1) === "\r" ? this.at - 1 : this.at;
    this.comments.push({ start, end });
    return true;
  }
}

const closingBrace = /\}/g;
const headerLine = /\n[ \t]*\[/g;
const statement = /\[\[?[ \t]*(?!(?:true|false|inf|nan)\b)[A-Za-z_]|[\w.-]+[ \t]*=/y;
