import { TemplateError } from "./template-error.ts";

/** A part of an action. `text` is as written, but a string's is its value. */
export interface Token {
  readonly kind: "word" | "field" | "variable" | "string" | "number" | "symbol";
  readonly text: string;
  readonly offset: number;
  /** Whether blanks stand before it: `.A .B` are two values, `.A.B` is one. */
  readonly spaced: boolean;
}

export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly offset: number; readonly tokens: readonly Token[] };

const opening = /\{\{(-(?=[ \t\r\n]))?/gu;
const closing = /(?:(?<=[ \t\r\n])(-))?\}\}/uy;
const comment = /[ \t\r\n]*\/\*[\s\S]*?\*\/(?:[ \t\r\n]+(-))?\}\}/uy;
const tokenForms = [
  ["string", /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'/uy],
  ["number", /[+-]?[0-9][\p{L}\p{Nd}_.]*/uy],
  ["field", /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["variable", /\$[\p{L}\p{Nd}_]*/uy],
  ["word", /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["symbol", /:=|[.|=(),]/uy],
] as const;

/** Splits a Go template into text and actions; trim markers and comments are done with. Throws TemplateError. */
export function lexTemplate(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let trimNext = false;
  let at = 0;
  const addText = (end: number, trimEnd: boolean): void => {
    let part = text.slice(at, end);
    if (trimNext) part = part.replace(/^[ \t\r\n]+/u, "");
    if (trimEnd) part = trimBlanksAtEnd(part);
    if (part !== "") pieces.push({ kind: "text", text: part });
  };
  for (;;) {
    opening.lastIndex = at;
    const open = opening.exec(text);
    if (!open) break;
    addText(open.index, open[1] !== undefined);
    at = opening.lastIndex;
    const skipped = matchAt(comment, text, at);
    if (skipped) {
      at += skipped[0].length;
      trimNext = skipped[1] !== undefined;
      continue;
    }
    const action = lexAction(text, at, open.index);
    pieces.push({ kind: "action", offset: open.index, tokens: action.tokens });
    at = action.end;
    trimNext = action.trims;
  }
  addText(text.length, false);
  return pieces;
}

function lexAction(text: string, from: number, start: number): { tokens: Token[]; end: number; trims: boolean } {
  const tokens: Token[] = [];
  let at = from;
  for (;;) {
    const blanks = matchAt(/[ \t\r\n]+/uy, text, at)?.[0].length ?? 0;
    at += blanks;
    const close = matchAt(closing, text, at);
    if (close) return { tokens, end: at + close[0].length, trims: close[1] !== undefined };
    if (at >= text.length) throw new TemplateError("this action is never closed by }}", text, start);
    const token = lexToken(text, at, blanks > 0);
    tokens.push(token.value);
    at += token.length;
  }
}

function lexToken(text: string, offset: number, spaced: boolean): { value: Token; length: number } {
  for (const [kind, form] of tokenForms) {
    const match = matchAt(form, text, offset)?.[0];
    if (match === undefined) continue;
    const value = kind === "string" ? unquote(match, text, offset) : match;
    return { value: { kind, text: value, offset, spaced }, length: match.length };
  }
  const found = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  throw new TemplateError(`${JSON.stringify(found)} means nothing in an action`, text, offset);
}

const escapes: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
};

/** The value of a Go string literal, except for its rarer escapes. */
function unquote(literal: string, text: string, offset: number): string {
  if (literal.startsWith("`")) return literal.slice(1, -1).replaceAll("\r", "");
  if (literal.startsWith("'")) throw new TemplateError("character constants are not supported", text, offset);
  return literal.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|x[0-7][0-9a-fA-F]|[\s\S])/gu, (escape, code: string) => {
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const value = Object.hasOwn(escapes, code) ? escapes[code] : undefined;
    if (value === undefined) throw new TemplateError(`the escape ${escape} is not supported`, text, offset);
    return value;
  });
}

function matchAt(form: RegExp, text: string, at: number): RegExpExecArray | null {
  form.lastIndex = at;
  return form.exec(text);
}

/** Without a regular expression, which would be quadratic in runs of blanks. */
function trimBlanksAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && " \t\r\n".includes(text[end - 1] ?? "-")) end--;
  return text.slice(0, end);
}
