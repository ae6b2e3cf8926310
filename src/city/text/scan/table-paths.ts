import type { TomlPath } from "../toml-path.ts";

interface Table {
  readonly children: Map<string, Table>;
  /** How many `[[elements]]` it has; `children` are those of the last. 0 for one that is no array. */
  elements: number;
}

/** Finds out which table each header means: `[a.b]` below `[[a]]` is that of the last element of `a`. */
export class TablePaths {
  readonly #root: Table = { children: new Map(), elements: 0 };

  /** The path of the table whose header has these keys; headers are entered in the order of the text. */
  enter(keys: readonly string[], isElement: boolean): TomlPath {
    let table = this.#root;
    return keys.flatMap((key, index) => {
      const known = table.children.get(key);
      const child = known ?? { children: new Map<string, Table>(), elements: 0 };
      if (!known) table.children.set(key, child);
      table = child;
      if (isElement && index === keys.length - 1) {
        table.elements += 1;
        table.children.clear();
      }
      return table.elements > 0 ? [key, table.elements - 1] : [key];
    });
  }
}
