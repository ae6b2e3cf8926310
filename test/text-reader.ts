import type { CityFiles } from "../src/city/files/city-files.ts";
import type { ContentReader } from "../src/city/resolve/content-hash.ts";

/** The texts of files as the bytes they are on disk. */
export function textReader(files: CityFiles): ContentReader {
  return {
    listFolder: (path) => files.listFolder(path),
    readBytes(path) {
      const text = files.readText(path);
      return text === undefined ? undefined : Buffer.from(text);
    },
  };
}
