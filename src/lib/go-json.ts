/** A string in JSON as Go's encoding/json writes it, safe to stand in HTML. Half a surrogate pair becomes U+FFFD. */
export function goString(text: string): string {
  return safeInHtml(JSON.stringify(text.toWellFormed()));
}

/** JSON text as Go's encoding/json writes a json.RawMessage: no space, safe in HTML. Throws a SyntaxError on other text. */
export function goCompact(json: string): string {
  JSON.parse(json);
  const compact = json.replaceAll(
    /("[^"\\]*(?:\\.[^"\\]*)*")|[\t\n\r ]+/gu,
    (_, text: string | undefined) => text ?? "",
  );
  return safeInHtml(compact.toWellFormed());
}

/** A moment, in milliseconds since the epoch, as Go's time.RFC3339Nano in UTC. Throws a RangeError when it is none. */
export function goTime(time: number): string {
  return new Date(time).toISOString().replace(/\.?0*Z$/u, "Z");
}

function safeInHtml(json: string): string {
  return json.replaceAll(
    /[&<>\u2028\u2029]/gu,
    (char) => String.raw`\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
