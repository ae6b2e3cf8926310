import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Tells whether the PATH of `env` leads to a program of that name. Asks the disk each time. */
export function programOnPath(env: Readonly<Record<string, string | undefined>>): (name: string) => boolean {
  // An empty part means the folder that one happens to be in, where nobody keeps programs.
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return (name) => folders.some((folder) => isProgram(join(folder, name)));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
