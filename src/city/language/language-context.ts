import type { ComposedCity } from "../compose/compose-city.ts";
import type { LanguageFile } from "./language-file.ts";
import type { CityNames } from "./names/city-names.ts";

/** What there is to know about a file besides its text. */
export interface LanguageContext {
  readonly file: LanguageFile;
  /** Absolute path of the city's folder. */
  readonly root: string;
  /** All files of the city by their absolute paths, `file` among them. */
  readonly files: ReadonlyMap<string, LanguageFile>;
  /** The names of the whole city; made when first asked for. */
  readonly names: () => CityNames;
  /** The city as it last could be composed, if it ever could. */
  readonly composed: ComposedCity | undefined;
}
