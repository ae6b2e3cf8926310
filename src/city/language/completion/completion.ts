import type { Span } from "../../text/scan/scanned-toml.ts";

/** Something that could be written next. */
export interface Completion {
  readonly label: string;
  readonly kind: "table" | "key" | "value" | "agent" | "provider" | "rig" | "pack" | "event";
  /** In a word or two: the type, the default, where a name comes from. */
  readonly detail: string;
  /** Markdown. */
  readonly documentation: string;
  /** What to write, a snippet: `$0` and `${1:…}` are where the caret goes, and `\` keeps `$`, `}` and `\` as they are. */
  readonly insert: string;
  /** What it replaces; on one line, and around the caret. */
  readonly replace: Span;
  /** Whether to offer what comes next at once. */
  readonly goesOn: boolean;
}
