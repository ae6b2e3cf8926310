import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { textsIn } from "./texts-in.ts";

const fixtures = join(import.meta.dirname, "fixtures");

/** Where the fixtures' cities are, for those who look at them. */
export const fixtureRoot = "/city";

/** The names of the cities of the project's own that gc and we must make the same of. */
export function fixtureCities(): readonly string[] {
  return readdirSync(join(fixtures, "cities")).sort();
}

export function fixtureFolder(city: string): string {
  return join(fixtures, "cities", city);
}

/** The texts of a city's files by their paths below `fixtureRoot`. */
export function fixtureFiles(city: string): Readonly<Record<string, string>> {
  return textsIn(fixtureFolder(city), (path) => `${fixtureRoot}/${withGit(path)}`);
}

/** What is a clone in a fixture has its .git under a name that git lets be. */
export function withGit(path: string): string {
  return path.replace(/(?<=^|\/)dot-git(?=\/|$)/u, ".git");
}

/** The file with the TOML that gc shows of a city. npm run test:interop -- -u writes it anew. */
export function shownFile(city: string): string {
  return join(fixtures, "shown", `${city}.toml`);
}

export function readShown(city: string): string {
  return readFileSync(shownFile(city), "utf8");
}
