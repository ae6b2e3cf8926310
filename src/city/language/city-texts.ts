import { posix } from "node:path";
import type { CityTexts } from "../edit/city-files.ts";
import type { LanguageContext } from "./language-context.ts";

/** The texts of the city's own files as edits take them: without what gc or git put there. */
export function cityTexts({ root, files, composed }: LanguageContext): CityTexts {
  const texts = new Map<string, string>();
  const add = (file: string, text: string): void => {
    const path = posix.relative(root, file);
    if (!path.startsWith("../") && !path.startsWith(".gc/") && !texts.has(path)) texts.set(path, text);
  };
  for (const [path, { toml }] of files) add(path, toml.text);
  for (const { table } of composed?.agents ?? []) {
    const file = composed?.provenance.of(table)?.file;
    // An agent may be nothing but a folder with a prompt.
    if (file !== undefined && posix.basename(file) === "agent.toml") add(file, "");
  }
  return texts;
}
