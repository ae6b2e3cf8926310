/** Where a refusal points; `line` and `character` count from 0. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
  readonly character: number;
}

/**
 * Why an edit was not made, in words for the person who asked for it.
 * - `unparsable`: a file is no TOML
 * - `invalid`: what was asked for breaks a rule of gc
 * - `taken`: the name is in use
 * - `missing`: what was to be changed is not there
 * - `in-use`: something else needs it
 */
export interface EditRefusal {
  readonly code: "unparsable" | "invalid" | "taken" | "missing" | "in-use";
  /** One sentence without a final stop. */
  readonly reason: string;
  /** What to do next, one sentence in the imperative without a final stop. */
  readonly action: string;
  readonly at: FilePlace | undefined;
}

/** Ends the work of `editCity`, which makes it a result. */
export class RefusedEdit extends Error {
  override readonly name = "RefusedEdit";
  readonly refusal: EditRefusal;

  constructor(code: EditRefusal["code"], reason: string, action: string, at?: FilePlace) {
    super(reason);
    this.refusal = { code, reason, action, at };
  }
}

/** A place as people write it. */
export function placeText({ file, line }: FilePlace): string {
  return `line ${line + 1} of ${file}`;
}
