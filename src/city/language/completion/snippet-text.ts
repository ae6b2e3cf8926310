import type { Shape } from "../shape.ts";
import type { KeyShape } from "../shape.ts";

/** Text as a snippet that writes just it. */
export function snippetText(text: string): string {
  return text.replaceAll(/[\\$}]/gu, String.raw`\$&`);
}

/** A key as a snippet, in quotes where TOML wants them. */
export function snippetKey(name: string): string {
  return snippetText(/^[\w-]+$/u.test(name) ? name : JSON.stringify(name));
}

/** A snippet for `key = value` with the caret, as stop `stop`, where the value is to be written. */
export function snippetEntry({ name, shape }: Pick<KeyShape, "name" | "shape">, stop = 0): string {
  return `${snippetKey(name)} = ${snippetValue(shape, stop)}`;
}

function snippetValue(shape: Shape, stop: number): string {
  switch (shape.kind) {
    case "text":
    case "choice":
      return `"$${stop}"`;
    case "number":
    case "flag":
      return `$${stop}`;
    case "list":
      return `[${snippetValue(shape.of, stop)}]`;
    case "map":
    case "table":
      // The brace that closes a snippet's field has to be told from one that is meant.
      return `{ $${stop} \\}`;
  }
}

/** A snippet for the header of a table and the keys that it cannot do without. */
export function snippetTable(header: string, shape: Shape): string {
  const table = shape.kind === "list" ? shape.of : shape;
  const keys = table.kind === "table" ? [...table.keys.values()].filter(({ isRequired }) => isRequired) : [];
  // Stop 1 may be a name in the header.
  const first = header.includes("${1") ? 2 : 1;
  return [header, ...keys.map((key, index) => snippetEntry(key, first + index)), ""].join("\n");
}
