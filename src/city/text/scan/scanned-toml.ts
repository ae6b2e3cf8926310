import type { TomlPath } from "../toml-path.ts";

/** From `start` up to, not including, `end`, in UTF-16 units of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One part of a dotted key, unquoted; an empty one where the next part is still to be written. */
export interface KeyPart extends Span {
  readonly name: string;
}

/** What is written as a value. `closed` is false while the end of it is still to be written. */
export type ScannedValue =
  | (Span & { readonly kind: "string"; readonly text: string; readonly inner: Span; readonly closed: boolean })
  | (Span & { readonly kind: "plain"; readonly text: string })
  | (Span & { readonly kind: "array"; readonly items: readonly ScannedValue[]; readonly closed: boolean })
  | (Span & { readonly kind: "table"; readonly entries: readonly ScannedEntry[]; readonly closed: boolean });

/** A `key = value`, as much of it as is written. */
export interface ScannedEntry extends Span {
  /** Where the value is in the document, from the root. */
  readonly path: TomlPath;
  readonly keys: readonly KeyPart[];
  /** Offset of the equals sign. */
  readonly equals: number | undefined;
  readonly value: ScannedValue | undefined;
}

/** The header of a table: `[a.b]`, or `[[a.b]]` when `isElement`. */
export interface ScannedHeader extends Span {
  readonly keys: readonly KeyPart[];
  readonly isElement: boolean;
}

/** A table with its header and the lines below it, or what stands above the first header. */
export interface ScannedSection extends Span {
  readonly path: TomlPath;
  readonly header: ScannedHeader | undefined;
  readonly entries: readonly ScannedEntry[];
}

/** What is written where in a text that is TOML, or will be one when its author is done with it. */
export interface ScannedToml {
  readonly text: string;
  /** In the order of the text, which they cover without gaps. The first has no header. */
  readonly sections: readonly ScannedSection[];
  readonly comments: readonly Span[];
}
