import type { FileHandle } from "node:fs/promises";
import { readAt } from "./read-at.ts";

// More than most lines: two that end alike differ in their number and time.
const reach = 512;

/**
 * Up to where a growing file has been read. It knows the bytes before that place, and so whether the file has been cut,
 * emptied or replaced by another one since; one that was copied or moved is still the same.
 */
export class ReadMark {
  #offset = 0;
  #before: Buffer = Buffer.alloc(0);

  get offset(): number {
    return this.#offset;
  }

  async stands(file: FileHandle): Promise<boolean> {
    const before = await readAt(file, this.#offset - this.#before.length, this.#offset);
    return before.equals(this.#before);
  }

  /** Stays where it is when the file does not reach so far any more. */
  async moveTo(file: FileHandle, offset: number): Promise<void> {
    const from = Math.max(0, offset - reach);
    const before = await readAt(file, from, offset);
    if (before.length < offset - from) return;
    this.#before = before;
    this.#offset = offset;
  }
}
