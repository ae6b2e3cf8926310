/** A place in a text: line and character count from 0, characters are UTF-16 units, as in the editor. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** From `start` up to, not including, `end`. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Something in a file that its author should know. An `error` keeps the city from loading. */
export interface Diagnostic {
  /** Absolute path. */
  readonly file: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly range: Range;
  /** What it is about, for programs. */
  readonly code?: string;
  /** What was probably meant, to write instead. */
  readonly suggestion?: string;
}
