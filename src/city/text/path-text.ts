import type { TomlPath } from "./toml-path.ts";

/** A path as people write it: `agent[2].env.X`. */
export function pathText(path: TomlPath): string {
  let text = "";
  for (const part of path) text += typeof part === "number" ? `[${part}]` : `${text && "."}${part}`;
  return text;
}
