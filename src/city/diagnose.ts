import type { Diagnostic } from "./diagnostic.ts";
import { loadCity } from "./load-city.ts";

/** What the author of a city.toml in the folder `root` should know of its text, saved or not. Never throws. */
export function diagnose(text: string, root: string): readonly Diagnostic[] {
  return loadCity({ text, root, env: {} }).diagnostics;
}
