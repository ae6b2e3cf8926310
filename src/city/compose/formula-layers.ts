import type { CityDraft } from "./city-draft.ts";
import { absolutePath } from "./city-paths.ts";

/** Folders of formulas, those that lose first. */
export interface FormulaLayers {
  readonly city: readonly string[];
  readonly rigs: ReadonlyMap<string, readonly string[]>;
}

/** The packs' formulas below the city's own, and for each rig its packs' and its own above (gascity-spec §1.2, step 9). */
export function formulaLayers(draft: CityDraft, root: string): FormulaLayers {
  const own = absolutePath(draft.tables.formulas?.dir || "formulas", root, root);
  const city = [...draft.cityFolders.formulas, own];
  const rigs = draft.rigs.map((rig): [string, readonly string[]] => [
    rig.name,
    [
      ...city,
      ...(draft.rigFolders.get(rig.name)?.formulas ?? []),
      ...(rig.formulas_dir ? [absolutePath(rig.formulas_dir, root, root)] : []),
    ],
  ]);
  return { city, rigs: new Map(rigs) };
}
