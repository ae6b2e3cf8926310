import type { FileCache } from "./compose/check-file.ts";
import type { CityFiles } from "./files/city-files.ts";

/** What a city is made from. */
export interface CitySource {
  /** Absolute path of its folder. */
  readonly root: string;
  readonly files: CityFiles;
  /** The controller's environment: GC_SESSION and GC_K8S_* win over the files. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Keeps files that do not change from being read anew each time. */
  readonly cache?: FileCache;
  /** Whether this machine has a program of that name; asked only for agents that name none. None by default. */
  readonly hasProgram?: (name: string) => boolean;
}
