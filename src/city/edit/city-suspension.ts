import type { CityTexts } from "./city-files.ts";
import { type EditOutcome, editCity } from "./edit-city.ts";
import { setValue } from "./toml/set-value.ts";

const path = ["workspace", "suspended"];

/** Keeps every agent of the city from running. */
export function suspendCity(texts: CityTexts): EditOutcome {
  return editCity(texts, (city) => setValue(city.draft("city.toml"), path, true));
}

/** Lets a suspended city run again; does nothing when it is not suspended. */
export function resumeCity(texts: CityTexts): EditOutcome {
  return editCity(texts, (city) => {
    if (city.node("city.toml", path)) setValue(city.draft("city.toml"), path, false);
  });
}
