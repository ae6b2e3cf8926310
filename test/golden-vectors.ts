import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A file of golden vectors: what the original Gas City makes of given input. GASCITY_VECTORS names another folder. */
export function readVectors(file: string): unknown {
  const folder = process.env["GASCITY_VECTORS"] || join(import.meta.dirname, "fixtures", "vectors");
  return JSON.parse(readFileSync(join(folder, file), "utf8"));
}
