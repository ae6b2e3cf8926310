import { posix } from "node:path";
import { composeCity } from "../compose/compose-city.ts";
import { memoryFiles } from "../files/memory-files.ts";
import type { LanguageContext } from "./language-context.ts";
import { LanguageFile } from "./language-file.ts";
import { CityNames } from "./names/city-names.ts";

/** The folder of example cities. */
export const exampleRoot = "/city";

/**
 * The context of one of the files of a city in `/city`, for tests; the others by their path in there. `|` in its text
 * is where the caret stands.
 */
export function exampleContext(
  file: string,
  marked: string,
  others: Readonly<Record<string, string>> = {},
): { readonly context: LanguageContext; readonly offset: number } {
  const offset = marked.indexOf("|");
  const texts = { ...others, [file]: marked.replace("|", "") };
  const absolute = Object.fromEntries(
    Object.entries(texts).map(([path, text]) => [posix.join(exampleRoot, path), text]),
  );
  const composed = composeCity(memoryFiles(absolute), exampleRoot, { systemPacks: false, implicitImports: false });
  const files = Object.entries(absolute)
    .filter(([path]) => path.endsWith(".toml"))
    .map(([path, text]) => new LanguageFile(path, kindOf(path), text));
  const own = files.find(({ path }) => path === posix.join(exampleRoot, file));
  if (!own) throw new Error(`${file} is no TOML file`);
  let names: CityNames | undefined;
  return {
    context: {
      file: own,
      root: exampleRoot,
      files: new Map(files.map((file) => [file.path, file])),
      composed,
      names: () => (names ??= new CityNames(exampleRoot, files, composed)),
    },
    offset,
  };
}

function kindOf(path: string): LanguageFile["kind"] {
  const name = posix.basename(path);
  if (name === "pack.toml") return "pack";
  if (name === "kubernetes.toml") return "kubernetes";
  return name === "agent.toml" ? "agent" : "city";
}
