import { createHash } from "node:crypto";
import { join } from "node:path";

// In bytes. Systems take 104 or 108; gc leaves some room (gascity-spec §3.2).
const socketPathLimit = 100;
// gc's too: it does not ask for the folder of temporary files.
const shortFolder = "/tmp/gascity-controller";

/** The file whose lock (flock) makes a process the city's controller on this machine, for gc and for us (gascity-spec §3.1). */
export function controllerLockPath(root: string): string {
  return join(root, ".gc", "controller.lock");
}

/**
 * The Unix socket that the city's controller listens on: in the city, or where paths are short when the city's own is too
 * long for a socket (gascity-spec §3.2). `root` is the city's folder, absolute and without symbolic links.
 */
export function controllerSocketPath(root: string): string {
  const own = join(root, ".gc", "controller.sock");
  if (Buffer.byteLength(own) <= socketPathLimit) return own;
  return join(shortFolder, `${createHash("sha256").update(root).digest("hex").slice(0, 32)}.sock`);
}
