import type { Span } from "../../text/scan/scanned-toml.ts";
import type { TextEdit } from "../../edit/toml/text-edit.ts";

/** A way to mend what a diagnostic tells of. */
export interface QuickFix {
  /** As the person who chooses it reads it. */
  readonly title: string;
  /** Edits of the file, in order and without overlap. */
  readonly edits: readonly TextEdit[];
  /** Whether it is what the author most likely meant. */
  readonly isPreferred: boolean;
}

/** What a diagnostic says of a file. */
export interface Complaint {
  readonly code: string;
  /** What it marks: a key, dotted or not, or a value with its quotes. */
  readonly span: Span;
}
