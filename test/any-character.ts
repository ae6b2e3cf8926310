import * as fc from "fast-check";

/**
 * Any character of Unicode, for `fc.string({ unit: anyCharacter })`: what fast-check's own unit "binary" is, whose first
 * use in a process takes a second.
 */
export const anyCharacter = fc
  .integer({ min: 0, max: 0x10_ffff })
  .filter((point) => point < 0xd800 || point > 0xdfff)
  .map((point) => String.fromCodePoint(point), codePointOf);

/** No number for what is not one character. */
function codePointOf(text: unknown): number {
  const [character = "", ...rest] = typeof text === "string" ? text : "";
  return rest.length === 0 ? (character.codePointAt(0) ?? Number.NaN) : Number.NaN;
}
