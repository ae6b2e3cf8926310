import { cpSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Copies a city of the fixtures. What is a clone there has its .git under a name that git lets be. */
export function copyCity(from: string, root: string): void {
  cpSync(from, root, { recursive: true });
  for (const path of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (path.endsWith("/dot-git")) renameSync(join(root, path), join(root, dirname(path), ".git"));
  }
  mkdirSync(join(root, ".home"), { recursive: true });
}

/** Writes the files of a city, by their paths from its folder, which is made with a home of its own. */
export function writeCity(root: string, texts: Readonly<Record<string, string>>): void {
  mkdirSync(join(root, ".home"), { recursive: true });
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
