import type { ComposedCity } from "../../city/compose/compose-city.ts";
import type { CityTexts } from "../../city/edit/city-files.ts";
import type { EditOutcome } from "../../city/edit/edit-city.ts";

/** The files of the open city with what is typed into them, to be looked at and changed. */
export interface CityConfiguration {
  /** The city as its files make it now; undefined while none is open. */
  city(): ComposedCity | undefined;
  /**
   * Changes the files in one step, which can be undone in one, and shows where when `shows` is set. Saves the files that
   * had nothing unsaved in them. Fails with `edit-refused`.
   */
  change(edit: (texts: CityTexts) => EditOutcome, options?: { readonly shows?: boolean }): Promise<void>;
  /** Gives an agent, by its qualified name, another name wherever the city's files have it. Fails as `change`. */
  renameAgent(qualified: string, name: string): Promise<void>;
}
