import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withGit } from "../fixture-cities.ts";
import { textsIn } from "../texts-in.ts";

/** Copies a city of the fixtures. */
export function copyCity(from: string, root: string): void {
  writeCity(root, textsIn(from, withGit));
}

/** Writes the files of a city, by their paths from its folder, which is made with a home of its own. */
export function writeCity(root: string, texts: Readonly<Record<string, string>>): void {
  mkdirSync(join(root, ".home"), { recursive: true });
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
