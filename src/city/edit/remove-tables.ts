import type { TomlPath } from "../text/toml-path.ts";
import type { CityDraft, TablePlace } from "./city-draft.ts";
import { removeValue } from "./toml/remove-value.ts";

/** Removes elements of arrays, the last ones first, so that the others keep their indices. */
export function removeTables(city: CityDraft, tables: readonly TablePlace[]): void {
  const index = (path: TomlPath): number => Number(path.findLast((key) => typeof key === "number"));
  for (const { file, path } of tables.toSorted((a, b) => index(b.path) - index(a.path))) {
    removeValue(city.draft(file), path);
  }
}
