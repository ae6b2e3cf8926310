import type { Reference } from "../../schema/fields.ts";
import type { TomlPath } from "../../text/toml-path.ts";
import type { Span } from "../../text/scan/scanned-toml.ts";

/** What a name can be the name of. `import` is what a pack is called by those who import it. */
export type Named = Reference | "import";

/** A name where it stands in a file. */
export interface WrittenName {
  readonly named: Named;
  readonly role: "definition" | "reference";
  /** As it is written. */
  readonly text: string;
  /** The rig, or other directory, that is meant where the name says none. */
  readonly dir: string;
  /** Absolute path of the file. */
  readonly file: string;
  /** Where the value, or the table that the name is the key of, is in the file. */
  readonly path: TomlPath;
  readonly span: Span;
}
