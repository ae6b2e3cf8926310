import type { Range } from "../../diagnostic.ts";

/** Replaces the UTF-16 units from `start` up to, not including, `end` of a text. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** The text after `edits`, which are in order, do not overlap, and all mean the text as it was before. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let at = 0;
  for (const { start, end, newText } of edits) {
    result += text.slice(at, start) + newText;
    at = end;
  }
  return result + text.slice(at);
}

/** The same edits of `text` with lines and characters, as an editor takes them. */
export function editRanges(text: string, edits: readonly TextEdit[]): { range: Range; newText: string }[] {
  let line = 0;
  let lineStart = 0;
  const position = (offset: number): Range["start"] => {
    for (let next; (next = text.indexOf("\n", lineStart) + 1) > 0 && next <= offset; line++) lineStart = next;
    return { line, character: offset - lineStart };
  };
  return edits.map(({ start, end, newText }) => ({
    range: { start: position(start), end: position(end) },
    newText,
  }));
}
