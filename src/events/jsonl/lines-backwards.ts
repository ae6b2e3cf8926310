import type { FileHandle } from "node:fs/promises";
import { longestLine, newline } from "./line-limit.ts";
import { readAt } from "./read-at.ts";

const nothing = Buffer.alloc(0);

/**
 * The lines of a part of a file, the last first and some at a time, so that no more of it is in memory. A line begins at
 * `from`; one that `to` cuts off is among them. Lines above the limit are left out, as may be empty ones.
 */
export async function* linesBackwards(
  file: FileHandle,
  from: number,
  to: number,
  chunkSize = 256 * 1024,
): AsyncGenerator<readonly string[], void, undefined> {
  // What has been read of a line whose beginning has not; nothing while it is too long.
  let end = nothing;
  let tooLong = false;
  for (let position = to; position > from;) {
    const start = Math.max(from, position - chunkSize);
    const bytes = Buffer.concat([await readAt(file, start, position), end]);
    position = start;
    const first = bytes.indexOf(newline);
    const last = bytes.lastIndexOf(newline);
    const dropLast: boolean = tooLong || bytes.length - last - 1 > longestLine;
    if (first === -1 && start > from) {
      tooLong = dropLast;
      end = dropLast ? nothing : bytes;
      continue;
    }
    tooLong = false;
    end = bytes.subarray(0, Math.max(first, 0));
    const whole = bytes.subarray(start === from ? 0 : first + 1, dropLast ? Math.max(last, 0) : bytes.length);
    yield whole.toString().split("\n").toReversed();
  }
}
