/** Where the line of `offset` starts. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** Where the line of `offset` ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  if (end === -1) return text.length;
  return text[end - 1] === "\r" ? end - 1 : end;
}

/** Where the line after that of `offset` starts; the text's end after the last line. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end + 1;
}

/** What stands on the line of `offset` before it, if that is nothing but blanks. */
export function indentBefore(text: string, offset: number): string | undefined {
  const before = text.slice(lineStart(text, offset), offset);
  return before.trim() === "" ? before : undefined;
}

/** Whether the line that starts at `start` is blank; there is none at the text's end. */
export function isBlankLine(text: string, start: number): boolean {
  return start < text.length && text.slice(start, lineEnd(text, start)).trim() === "";
}

/** Where the blank lines directly above the line that starts at `start` begin, and how many they are. */
export function blankLinesAbove(text: string, start: number): { start: number; count: number } {
  let [first, count] = [start, 0];
  while (first > 0 && isBlankLine(text, lineStart(text, first - 1)))
    [first, count] = [lineStart(text, first - 1), count + 1];
  return { start: first, count };
}
