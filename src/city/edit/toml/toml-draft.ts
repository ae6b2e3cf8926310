import type { TextEdit } from "./text-edit.ts";
import { TomlSyntaxError, TomlTree } from "./toml-tree.ts";

const byteOrderMark = "\uFEFF";

/** A piece of the text as it is now: from `origin` in the text as it was, or new. */
interface Piece {
  readonly origin: number | undefined;
  readonly text: string;
}

/** A TOML text while it is edited, step by step. Knows in the end which edits of the first text make the last. */
export class TomlDraft {
  readonly #original: string;
  readonly #eol: string;
  readonly #mark: number;
  #pieces: Piece[];
  #tree: TomlTree | undefined;

  /** `text` may be empty, begin with a byte order mark, and not be TOML. */
  constructor(text: string) {
    this.#original = text;
    this.#eol = /\r?\n/u.exec(text)?.[0] ?? "\n";
    this.#mark = text.startsWith(byteOrderMark) ? 1 : 0;
    this.#pieces = [{ origin: this.#mark, text: text.slice(this.#mark) }];
  }

  /** The text as it is now, without a byte order mark. All offsets are in this one. */
  get text(): string {
    return this.#pieces.map(({ text }) => text).join("");
  }

  /** What is written where in the text as it is now. Fails with a TomlSyntaxError. */
  get tree(): TomlTree {
    this.#tree ??= treeOf(this.text);
    return this.#tree;
  }

  /** Applies edits of the text as it is now: in order, not overlapping. Line breaks in them become those of the text. */
  apply(edits: readonly TextEdit[]): void {
    for (const { start, end, newText } of edits.toReversed()) {
      const before = this.#cut(0, start);
      const after = this.#cut(end, Infinity);
      this.#pieces = [...before, { origin: undefined, text: newText.replaceAll("\n", this.#eol) }, ...after];
    }
    this.#tree = undefined;
  }

  /** The edits of the text as it was at first; none replaces a text by itself. */
  edits(): readonly TextEdit[] {
    const edits: TextEdit[] = [];
    let at = this.#mark;
    let newText = "";
    for (const { origin, text } of [...this.#pieces, { origin: this.#original.length, text: "" }]) {
      if (origin === undefined) {
        newText += text;
        continue;
      }
      if (this.#original.slice(at, origin) !== newText) edits.push({ start: at, end: origin, newText });
      at = origin + text.length;
      newText = "";
    }
    return edits;
  }

  /** The pieces of a range of the text as it is now. */
  #cut(start: number, end: number): Piece[] {
    let at = 0;
    return this.#pieces.flatMap(({ origin, text }) => {
      const from = Math.max(start - at, 0);
      const part = text.slice(from, Math.max(end - at, from));
      at += text.length;
      return part === "" ? [] : { origin: origin === undefined ? undefined : origin + from, text: part };
    });
  }
}

function treeOf(text: string): TomlTree {
  try {
    return new TomlTree(text);
  } catch (error) {
    // Brackets in brackets, by the thousand.
    if (error instanceof RangeError) throw new TomlSyntaxError(0, 0, "It is nested too deep");
    throw error;
  }
}
