import type { LanguageContext } from "../language-context.ts";
import { type Place, placeAt } from "../syntax/place-at.ts";
import type { ScannedToml } from "../../text/scan/scanned-toml.ts";
import type { Completion } from "./completion.ts";
import { headerCompletions } from "./header-completions.ts";
import { keyCompletions } from "./key-completions.ts";
import { valueCompletions } from "./value-completions.ts";

/** What could be written at an offset of a file, the likeliest first. */
export function completionsAt(context: LanguageContext, offset: number): readonly Completion[] {
  const { toml } = context.file;
  const place = placeAt(toml, offset);
  switch (place?.kind) {
    case undefined:
      return [];
    case "header": {
      const { header, entries } = place.section;
      if (!header) return [];
      const replace = { start: header.start, end: header.end };
      return headerCompletions(context, header.start, replace, entries.length === 0);
    }
    case "value":
      return valueCompletions(context, place);
    case "key": {
      const keys = keyCompletions(context, place);
      if (place.isInline || place.isAssigned || !startsLine(toml, place)) return keys;
      return [...keys, ...headerCompletions(context, offset, place.span, true)];
    }
  }
}

/** Whether a header could begin here: the caret's key is the first thing on its line. */
function startsLine({ text }: ScannedToml, { span }: Place): boolean {
  return text.slice(text.lastIndexOf("\n", span.start - 1) + 1, span.start).trim() === "";
}
