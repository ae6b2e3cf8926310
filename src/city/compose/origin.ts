import type { TomlPath } from "../text/toml-path.ts";

/** Where something was written: a file by its absolute path, and keys and indices from the file's root. */
export interface Origin {
  readonly file: string;
  readonly path: TomlPath;
}

/** The origin of what stands at `rest` below `origin`. */
export function below(origin: Origin, ...rest: TomlPath): Origin {
  return { file: origin.file, path: [...origin.path, ...rest] };
}
