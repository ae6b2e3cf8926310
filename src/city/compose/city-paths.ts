import { posix } from "node:path";

/** The absolute path of what a file in `folder` calls `path`; `//x` is relative to the city's `root`. */
export function absolutePath(path: string, folder: string, root: string): string {
  if (path.startsWith("//")) return posix.join(root, path.slice(2));
  return posix.isAbsolute(path) ? path : posix.join(folder, path);
}

/**
 * `path`, which a file in `folder` wrote, as the composed city holds it: relative to the city's `root`, absolute if it
 * was. An empty path stays empty.
 */
export function cityPath(path: string, folder: string, root: string): string {
  if (path.startsWith("//")) return path.slice(2);
  if (path === "" || posix.isAbsolute(path)) return path;
  return posix.relative(root, posix.join(folder, path)) || ".";
}
