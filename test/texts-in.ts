import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The texts of all files below a folder, by their paths as `pathOf` makes them of those from the folder. */
export function textsIn(folder: string, pathOf: (path: string) => string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [pathOf(relative(folder, path)), readFileSync(path, "utf8")];
    }),
  );
}
