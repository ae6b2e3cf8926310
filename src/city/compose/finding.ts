import type { Diagnostic, Range } from "../diagnostic.ts";
import type { Origin } from "./origin.ts";
import type { PackClone } from "./pack-clone.ts";

/** What a finding is about, for programs. */
export type FindingCode =
  | "syntax"
  | "type"
  | "unknown-key"
  | "deprecated"
  | "missing-file"
  | "missing-pack"
  | "not-fetched"
  | "nested-include"
  | "pack-cycle"
  | "pack-header"
  | "pack-content"
  | "requirement"
  | "patch-target"
  | "redefined"
  | "shadowed"
  | "collision"
  | "misplaced"
  | "no-effect"
  | "name"
  | "value"
  | "duration"
  | "duplicate"
  | "reference"
  | "cycle"
  | "capacity"
  | "overlap";

/** Something that the author of one of a city's files should know. An `error` keeps the city from loading. */
export interface Finding {
  readonly severity: Diagnostic["severity"];
  readonly code: FindingCode;
  readonly origin: Origin;
  /** What of the origin is meant; the value unless it says otherwise. */
  readonly at?: "key" | "value";
  /** Where in the file, when no path leads there: in a text that is not TOML. */
  readonly range?: Range;
  readonly message: string;
  /** What was probably meant, to write instead. */
  readonly suggestion?: string;
  /** What is missing because nobody has cloned it yet. */
  readonly clone?: PackClone;
}
