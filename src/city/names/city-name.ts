import { posix } from "node:path";
import type { CityTables } from "../schema/city-tables.ts";

/** What the city in the folder `root` is called: what [workspace] says, else as its folder. */
export function cityName({ root, config }: { readonly root: string; readonly config: CityTables }): string {
  return config.workspace?.name || posix.basename(root);
}
