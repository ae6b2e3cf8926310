import type { Diagnostic } from "./diagnostic.ts";
import type { TomlPath } from "./text/toml-path.ts";

/** Something wrong with the value at `path`. */
export interface Finding {
  readonly severity: Diagnostic["severity"];
  readonly path: TomlPath;
  readonly message: string;
}
