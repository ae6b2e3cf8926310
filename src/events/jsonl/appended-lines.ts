import type { FileHandle } from "node:fs/promises";
import { longestLine, newline } from "./line-limit.ts";
import { readAt } from "./read-at.ts";
import { ReadMark } from "./read-mark.ts";

/** Reads the lines of a growing file, each once. */
export class AppendedLines {
  readonly #mark = new ReadMark();
  readonly #chunkSize: number;
  #tooLong = false;

  constructor(chunkSize = 256 * 1024) {
    this.#chunkSize = chunkSize;
  }

  /** Whether what was read is still there. */
  stands(file: FileHandle): Promise<boolean> {
    return this.#mark.stands(file);
  }

  /**
   * The lines that have been completed since, up to an offset, in order and some at a time. The beginning of a line is
   * left for when its end has come. Lines above the limit are left out.
   */
  async *read(file: FileHandle, to: number): AsyncGenerator<readonly string[], void, undefined> {
    let size = this.#chunkSize;
    while (this.#mark.offset < to) {
      const { offset } = this.#mark;
      const upTo = Math.min(to, offset + size);
      const bytes = await readAt(file, offset, upTo);
      const last = bytes.lastIndexOf(newline);
      if (last === -1 && !this.#tooLong && bytes.length <= longestLine) {
        if (upTo === to || bytes.length < upTo - offset) return;
        size = longestLine + 1;
        continue;
      }
      const skipped = this.#tooLong;
      this.#tooLong = last === -1;
      await this.#mark.moveTo(file, offset + (last === -1 ? bytes.length : last + 1));
      if (this.#mark.offset === offset) return;
      if (last === -1) continue;
      const lines = bytes.toString("utf8", 0, last).split("\n");
      yield skipped ? lines.slice(1) : lines;
    }
  }
}
