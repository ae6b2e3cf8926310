import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { env } from "node:process";

/** The folder of this user where downloads and built test machinery outlive a clone: absolute, may not exist yet. */
export function cacheFolder(): string {
  const configured = env["XDG_CACHE_HOME"];
  // A relative value is invalid by the XDG base directory specification and has to be ignored.
  return join(configured !== undefined && isAbsolute(configured) ? configured : join(homedir(), ".cache"), "gascity");
}
