import type { LanguageContext } from "../language-context.ts";
import { placeAt } from "../syntax/place-at.ts";
import { keyFixes } from "./key-fixes.ts";
import type { Complaint, QuickFix } from "./quick-fix.ts";
import { valueFixes } from "./value-fixes.ts";

/** The ways to mend what is complained of, the likeliest first; none when nobody can know. */
export function quickFixes(context: LanguageContext, complaint: Complaint): readonly QuickFix[] {
  const { toml } = context.file;
  const { start, end } = complaint.span;
  // The last part of a dotted key is the one that is meant; a string is found between its quotes.
  const place = placeAt(toml, end) ?? placeAt(toml, start + 1);
  if (!place) return [];
  return place.kind === "value" ? valueFixes(context, place, complaint) : keyFixes(context, place, complaint);
}
