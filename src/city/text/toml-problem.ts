import type { Range } from "../diagnostic.ts";
import type { TomlPath } from "./toml-path.ts";

/** Something that a TOML text alone shows to be wrong. */
export interface TomlProblem {
  /** An `error` is what gc refuses to load. */
  readonly severity: "error" | "warning";
  readonly code: "syntax" | "type" | "value" | "unknown-key";
  readonly path: TomlPath;
  readonly message: string;
  /** Where it stands, when it has no path: a text that does not parse has none. */
  readonly range?: Range;
  /** What was probably meant: TOML to write instead of the value, or of an unknown key. */
  readonly suggestion?: string;
}
