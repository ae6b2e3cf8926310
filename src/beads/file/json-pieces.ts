/** One member of a JSON object, as it is written. */
export interface JsonMember {
  readonly name: string;
  readonly nameText: string;
  readonly text: string;
}

/** One that was read, with the elements or members of its value, as they are written. */
interface ReadMember extends JsonMember {
  readonly pieces: readonly string[];
}

const quote = 0x22;
const comma = 0x2c;
const openSquare = 0x5b;
const backslash = 0x5c;
const closeSquare = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** The members of an object, which must be valid, in their order. What is no object has none. */
export function jsonMembers(json: string): readonly ReadMember[] {
  const members: ReadMember[] = [];
  let start = json.indexOf('"');
  while (start >= 0) {
    const nameEnd = endOfString(json, start) + 1;
    const nameText = json.slice(start, nameEnd);
    const value = readValue(json, json.indexOf(":", nameEnd) + 1);
    members.push({ name: JSON.parse(nameText) as string, nameText, text: value.text, pieces: value.pieces });
    start = json.indexOf('"', value.end);
  }
  return members;
}

/** Reads up to the comma or bracket behind the value. One pass: a store's list of beads is nearly all of its file. */
function readValue(json: string, start: number): { text: string; pieces: readonly string[]; end: number } {
  const pieces: string[] = [];
  let depth = 0;
  let pieceStart = start;
  let at = start;
  for (; at < json.length; at++) {
    const character = json.charCodeAt(at);
    if (character === quote) {
      at = endOfString(json, at);
    } else if (character === openBrace || character === openSquare) {
      depth += 1;
      if (depth === 1) pieceStart = at + 1;
    } else if (character === comma) {
      if (depth === 0) break;
      if (depth > 1) continue;
      pieces.push(json.slice(pieceStart, at).trim());
      pieceStart = at + 1;
    } else if (character === closeBrace || character === closeSquare) {
      if (depth === 0) break;
      depth -= 1;
      if (depth === 0) pieces.push(json.slice(pieceStart, at).trim());
    }
  }
  // Between the brackets of an empty one there is nothing.
  return { text: json.slice(start, at).trim(), pieces: pieces[0] === "" ? [] : pieces, end: at };
}

/** Where the string that begins at `start` has its closing quote. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json.charCodeAt(at) !== quote) at += json.charCodeAt(at) === backslash ? 2 : 1;
  return at;
}
