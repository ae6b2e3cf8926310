import { type LoadedCity, loadCity } from "../src/city/load-city.ts";
import { memoryFiles } from "../src/city/files/memory-files.ts";

/** Loads the city that consists of this city.toml alone, and of `others` by their paths from its folder. */
export function cityOfText(
  text: string,
  {
    root = "/city/demo",
    env = {},
    others = {},
  }: {
    readonly root?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly others?: Readonly<Record<string, string>>;
  } = {},
): LoadedCity {
  const texts = Object.entries({ "city.toml": text, ...others }).map(([path, content]) => [`${root}/${path}`, content]);
  return loadCity({ root, env, files: memoryFiles(Object.fromEntries(texts)) });
}
