import { type CityChange, CityDraft } from "./city-draft.ts";
import type { CityTexts } from "./city-files.ts";
import { type EditRefusal, RefusedEdit } from "./edit-refusal.ts";

/** What came of an edit: a change, which may be empty, or the reason why there is none. */
export type EditOutcome =
  | { readonly change: CityChange; readonly refusal?: undefined }
  | { readonly change?: undefined; readonly refusal: EditRefusal };

/** Edits a city's files, all or none. */
export function editCity(texts: CityTexts, work: (city: CityDraft) => void): EditOutcome {
  try {
    const city = new CityDraft(texts);
    work(city);
    return { change: city.change() };
  } catch (error) {
    if (error instanceof RefusedEdit) return { refusal: error.refusal };
    throw error;
  }
}
