/** What edits write: dates and floats are none of their business. */
export type TomlInput = string | number | boolean | readonly TomlInput[] | TomlRecord;
export interface TomlRecord {
  readonly [key: string]: TomlInput;
}

/** A key as it is written in TOML. */
export function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/u.test(key) ? key : basicString(key);
}

/** A value as it is written in TOML, on one line; strings as 'literal' ones if wished and possible. */
export function valueText(value: TomlInput, literal = false): string {
  if (typeof value === "string") return literal && canBeLiteral(value) ? `'${value}'` : basicString(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map((item: TomlInput) => valueText(item)).join(", ")}]`;
  const entries = Object.entries(value as TomlRecord).map(([key, item]) => `${keyText(key)} = ${valueText(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function canBeLiteral(value: string): boolean {
  return value.isWellFormed() && !/['\p{Cc}]/u.test(value);
}

function basicString(value: string): string {
  // JSON leaves only DEL and what no UTF-8 file can hold as TOML does not want it.
  return JSON.stringify(value.toWellFormed()).replaceAll("\u007F", String.raw`\u007F`);
}
