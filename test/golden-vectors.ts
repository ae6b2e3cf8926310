import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { textsIn } from "./texts-in.ts";

// GASCITY_VECTORS names another folder.
const folder = process.env["GASCITY_VECTORS"] || join(import.meta.dirname, "fixtures", "vectors");

/** A file of golden vectors: what the original Gas City makes of given input. */
export function readVectors(file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), "utf8"));
}

/** The names of the cities among the vectors, each a folder below `config`. */
export function vectorCities(): readonly string[] {
  return readdirSync(join(folder, "config")).sort();
}

/** The texts of a city's files by the paths that the vectors speak of: below /city/NAME. */
export function vectorFiles(city: string): Readonly<Record<string, string>> {
  return textsIn(join(folder, "config", city), (path) => `/city/${city}/${path}`);
}
