import type { FileHandle } from "node:fs/promises";
import { parseEvent } from "../event-json.ts";
import { seqOf } from "./line-head.ts";
import { newline } from "./line-limit.ts";
import { linesBackwards } from "./lines-backwards.ts";
import { readAt } from "./read-at.ts";
import { ReadMark } from "./read-mark.ts";

const chunkSize = 64 * 1024;

/**
 * The highest number of the events in a part of a file; 0 when there is none. All of it is read, for each of gc's
 * processes counts on from what it found when it began; from the end, so that few lines have to be parsed.
 */
export async function highestSeq(file: FileHandle, from: number, to: number): Promise<number> {
  let highest = 0;
  for await (const lines of linesBackwards(file, from, to)) {
    for (const line of lines) {
      if ((seqOf(line) ?? Infinity) > highest) highest = Math.max(highest, parseEvent(line)?.seq ?? 0);
    }
  }
  return highest;
}

/** What the next writer to a file has to know. */
export interface FileEnd {
  /** The highest number ever seen in it. */
  readonly highest: number;
  /** Whether its last line has no end: whoever wrote it died, or is about to end it. */
  readonly insideLine: boolean;
}

/** Follows the numbers in a file that others append to; each look reads only what has come since the last. */
export class EventNumbers {
  #mark = new ReadMark();
  #highest = 0;
  #last: Promise<unknown> = Promise.resolve();

  look(file: FileHandle): Promise<FileEnd> {
    const mine = this.#last.then(() => this.#look(file));
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #look(file: FileHandle): Promise<FileEnd> {
    if (!(await this.#mark.stands(file))) this.#mark = new ReadMark();
    const { size } = await file.stat();
    this.#highest = Math.max(this.#highest, await highestSeq(file, this.#mark.offset, size));
    const lineStart = await lastLineStart(file, this.#mark.offset, size);
    await this.#mark.moveTo(file, lineStart);
    return { highest: this.#highest, insideLine: lineStart < size };
  }
}

/** Where the line begins that `to` cuts off; `to` when it cuts none off. A line begins at `from`. */
async function lastLineStart(file: FileHandle, from: number, to: number): Promise<number> {
  for (let end = to; end > from; end -= chunkSize) {
    const start = Math.max(from, end - chunkSize);
    const last = (await readAt(file, start, end)).lastIndexOf(newline);
    if (last !== -1) return start + last + 1;
  }
  return from;
}
