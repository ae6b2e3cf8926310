import { posix } from "node:path";
import type { ComposedCity } from "../compose/compose-city.ts";
import type { FormulaFolder } from "../session-config.ts";

/** The formulas of a city's own folder, and of its rigs' by their names. */
export interface CityFormulas {
  readonly city: FormulaFolder;
  readonly rigs: ReadonlyMap<string, FormulaFolder>;
}

/**
 * Which file is which formula in the city and in each rig: of the layers the last one that has it. As in gc, a formula
 * NAME is the file NAME.toml of a layer, or else NAME.formula.toml, and is known by both.
 */
export function cityFormulas({
  root,
  config,
  formulas,
  sources,
}: Pick<ComposedCity, "root" | "config" | "formulas" | "sources">): CityFormulas {
  const resolve = (layers: readonly string[]): ReadonlyMap<string, string> =>
    formulaFiles(layers, (folder) => sources.contentOf(folder).files);
  return {
    city: { folder: root, formulas: resolve(formulas.city) },
    rigs: new Map(
      (config.rigs ?? []).map(({ name, path }) => [
        name,
        { folder: posix.resolve(root, path), formulas: resolve(formulas.rigs.get(name) ?? []) },
      ]),
    ),
  };
}

function formulaFiles(
  layers: readonly string[],
  filesIn: (folder: string) => ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const formulas = new Map<string, string>();
  for (const layer of layers) {
    const files = filesIn(layer);
    for (const file of files) {
      const [, name, long] = /^(.*?)(\.formula)?\.toml$/u.exec(file) ?? [];
      if (name === undefined || (long && files.has(`${name}.toml`))) continue;
      for (const known of [`${name}.toml`, `${name}.formula.toml`]) formulas.set(known, posix.join(layer, file));
    }
  }
  return formulas;
}
