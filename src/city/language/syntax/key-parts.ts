import type { TomlPath } from "../../text/toml-path.ts";
import type { KeyPart, ScannedEntry, ScannedToml, ScannedValue } from "../../text/scan/scanned-toml.ts";

/** A part of a key where it is written: `path` ends with it. */
export interface WrittenKeyPart {
  readonly path: TomlPath;
  readonly part: KeyPart;
}

/** Every part of every key of a text: those of headers, of lines and in inline tables. */
export function* keyParts({ sections }: ScannedToml): Generator<WrittenKeyPart> {
  for (const { header, path, entries } of sections) {
    if (header) yield* partsOf(path, header.keys);
    for (const entry of entries) yield* partsInEntry(entry);
  }
}

function* partsInEntry({ path, keys, value }: ScannedEntry): Generator<WrittenKeyPart> {
  yield* partsOf(path, keys);
  if (value) yield* partsInValue(value);
}

function* partsInValue(value: ScannedValue): Generator<WrittenKeyPart> {
  if (value.kind === "table") for (const entry of value.entries) yield* partsInEntry(entry);
  if (value.kind === "array") for (const item of value.items) yield* partsInValue(item);
}

/** `path` is that of what the keys lead to. */
function* partsOf(path: TomlPath, keys: readonly KeyPart[]): Generator<WrittenKeyPart> {
  let end = path.length;
  for (const part of keys.toReversed()) {
    while (typeof path[end - 1] === "number") end -= 1;
    yield { path: path.slice(0, end), part };
    end -= 1;
  }
}
