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
  const filesIn = (folder: string): ReadonlySet<string> => sources.contentOf(folder).files;
  const ofCity = withLayers(new Map(), formulas.city, filesIn);
  const ofRig = (name: string): FormulaFolder["formulas"] => {
    // A rig's layers begin with the city's, and most rigs have no more.
    const more = formulas.rigs.get(name)?.slice(formulas.city.length) ?? [];
    return more.length === 0 ? ofCity : withLayers(ofCity, more, filesIn);
  };
  return {
    city: { folder: root, formulas: ofCity },
    rigs: new Map(
      (config.rigs ?? []).map(({ name, path }) => [name, { folder: posix.resolve(root, path), formulas: ofRig(name) }]),
    ),
  };
}

function withLayers(
  below: FormulaFolder["formulas"],
  layers: readonly string[],
  filesIn: (folder: string) => ReadonlySet<string>,
): FormulaFolder["formulas"] {
  const formulas = new Map(below);
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
