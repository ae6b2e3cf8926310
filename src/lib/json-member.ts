const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[,:[\]{}]/gu;

/**
 * The value of a member of a JSON object, as it is written there: parsing would lose how numbers are spelled. The last
 * one where a name stands twice, as JSON.parse has it. `object` has to be valid JSON.
 */
export function memberText(object: string, name: string): string | undefined {
  let depth = 0;
  let key: string | undefined;
  let word = "";
  let start = 0;
  let found: string | undefined;
  for (const match of object.matchAll(token)) {
    const [text] = match;
    if (text.startsWith('"')) word = text;
    else if (text === ":" && depth === 1 && key === undefined) {
      key = JSON.parse(word) as string;
      start = match.index + 1;
    } else if (text === "{" || text === "[") depth += 1;
    else if (text !== ":") {
      if (depth === 1 && key === name) found = object.slice(start, match.index).trim();
      if (depth === 1) key = undefined;
      if (text !== ",") depth -= 1;
    }
  }
  return found;
}
