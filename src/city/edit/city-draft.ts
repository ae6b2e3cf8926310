import type { TomlPath } from "../text/toml-path.ts";
import { type CityTexts, isAgentFile, packOf } from "./city-files.ts";
import { type FilePlace, RefusedEdit } from "./edit-refusal.ts";
import type { TextEdit } from "./toml/text-edit.ts";
import { TomlDraft } from "./toml/toml-draft.ts";
import { type TomlNode, TomlSyntaxError, type TomlTree } from "./toml/toml-tree.ts";
import { stringOf } from "./toml/value-of.ts";

/** A table in one of a city's files. */
export interface TablePlace {
  readonly file: string;
  readonly path: TomlPath;
}

/** What is to change in a city's folder: first the edits, then the moves, then the removals. */
export interface CityChange {
  /** By file; none for a file that stays as it is. */
  readonly edits: ReadonlyMap<string, readonly TextEdit[]>;
  /** Folders that get another name. */
  readonly moves: readonly { readonly from: string; readonly to: string }[];
  /** Folders that go, with all that is in them. */
  readonly removals: readonly string[];
}

/** The files of a city while they are edited. Its methods fail with a RefusedEdit. */
export class CityDraft {
  readonly moves: { from: string; to: string }[] = [];
  readonly removals: string[] = [];
  readonly #texts: CityTexts;
  readonly #drafts = new Map<string, TomlDraft>();

  constructor(texts: CityTexts) {
    this.#texts = texts;
    if (!texts.has("city.toml")) {
      throw new RefusedEdit("missing", "This folder has no city.toml", "Create one first");
    }
  }

  /** city.toml, other files with tables, agents' files: what comes first wins where two say the same. */
  get files(): readonly string[] {
    const rank = (file: string): number => (file === "city.toml" ? 0 : isAgentFile(file) ? 2 : 1);
    return [...this.#texts.keys()].toSorted((a, b) => rank(a) - rank(b));
  }

  /** The draft of a file, which is TOML. */
  draft(file: string): TomlDraft {
    const draft = this.#drafts.get(file) ?? new TomlDraft(this.#texts.get(file) ?? "");
    this.#drafts.set(file, draft);
    try {
      void draft.tree;
      return draft;
    } catch (error) {
      if (!(error instanceof TomlSyntaxError)) throw error;
      const { line, character, message } = error;
      const reason = `${file} cannot be read, so that nothing was changed: line ${line + 1}: ${message}`;
      throw new RefusedEdit("unparsable", reason, "Mend it first", { file, line, character });
    }
  }

  tree(file: string): TomlTree {
    return this.draft(file).tree;
  }

  /** The paths of the elements of an array of tables, in the order of the file. */
  elements(file: string, path: TomlPath): readonly TomlPath[] {
    const children = this.tree(file).at(path)?.children.keys() ?? [];
    return [...children].flatMap((key) => (typeof key === "number" ? [[...path, key]] : []));
  }

  /** The elements of an array of tables in all files that are the city's own, not a pack's. */
  places(path: TomlPath): readonly TablePlace[] {
    const files = this.files.filter((file) => packOf(file) === "");
    return files.flatMap((file) => this.elements(file, path).map((path) => ({ file, path })));
  }

  node(file: string, path: TomlPath): TomlNode | undefined {
    return this.tree(file).at(path);
  }

  /** The string at `path`; "" when there is none. */
  string(file: string, path: TomlPath): string {
    return stringOf(this.node(file, path)) ?? "";
  }

  /** Where `path`, or what is nearest to it, is written. */
  place(file: string, path: TomlPath): FilePlace {
    const { text } = this.draft(file);
    let offset = 0;
    for (let length = path.length; length > 0 && offset === 0; length--) {
      const node = this.node(file, path.slice(0, length));
      offset = node?.value?.range[0] ?? node?.section?.start ?? 0;
    }
    const before = text.slice(0, offset).split("\n");
    return { file, line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  }

  change(): CityChange {
    const edits = new Map<string, readonly TextEdit[]>();
    for (const [file, draft] of this.#drafts) {
      const fileEdits = draft.edits();
      // No edit may leave behind what cannot be edited again.
      if (fileEdits.length > 0) this.tree(file);
      if (fileEdits.length > 0) edits.set(file, fileEdits);
    }
    return { edits, moves: this.moves, removals: this.removals };
  }
}
