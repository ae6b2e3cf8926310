import type { JsonMember } from "./json-pieces.ts";

/** What Go's encoder escapes beyond JSON: a browser could take it for markup or the end of a line. */
const escaped = /[<>&\u2028\u2029]/gu;

/**
 * A value as Go's MarshalIndent writes it, indented by two, within `depth` others. Half a surrogate pair becomes U+FFFD, as
 * Go reads it.
 */
export function goJson(value: unknown, depth: number): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "string" ? inner.toWellFormed() : inner), 2)
    .replace(escaped, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll("\n", `\n${indent(depth)}`);
}

/** An object of members that are written already, in the way of `goJson`. */
export function goObject(members: readonly JsonMember[], depth: number): string {
  return brackets(
    "{",
    members.map(({ nameText, text }) => `${nameText}: ${text}`),
    "}",
    depth,
  );
}

/** An array of elements that are written already, in the way of `goJson`. */
export function goArray(elements: readonly string[], depth: number): string {
  return brackets("[", elements, "]", depth);
}

/** A member to be written. */
export function goMember(name: string, text: string): JsonMember {
  return { name, nameText: goJson(name, 0), text };
}

function brackets(open: string, parts: readonly string[], close: string, depth: number): string {
  if (parts.length === 0) return open + close;
  const inner = indent(depth + 1);
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent(depth)}${close}`;
}

function indent(depth: number): string {
  return "  ".repeat(depth);
}
