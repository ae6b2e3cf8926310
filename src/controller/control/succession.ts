import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Log } from "../../lib/log.ts";
import { problemOf } from "../../lib/problem.ts";
import { writeWhole } from "../../lib/write-whole.ts";
import type { HeldLock } from "./controller-lock.ts";

/** Those who had the lock, the last one first, and which lock that was. */
const schema = z.object({ lock: z.string(), holders: z.array(z.string()) });

// As many as may die one after another before any of them gets the lease.
const remembered = 8;

/** Beside gc's own run-time files, in a folder that gc leaves alone. */
function notePath(root: string): string {
  return join(root, ".gc", "gascity", "lease-holders.json");
}

/**
 * Tells who had this lock before, by their identities in the lease, and leaves `identity` to who has it next. To be called with
 * the lock held, before contending for the lease. Those before surely act no more: whoever acts holds the lock (flock
 * on `.gc/controller.lock`), asks before each act whether it still does, and the kernel gave it to us. So their lease may
 * be taken at once, by no clock. A request that one of them sent before may yet arrive: harmless, as city-lease.ts says.
 *
 * It holds for this one lock only. The note therefore names the lock's file by device and inode, which nobody else has while it
 * is open, and the running kernel, by boot and machine: boards without a good source of chance boot with the same one.
 * Otherwise nobody is succeeded, and the lease runs out by itself:
 * - the lock's file was removed and made anew: the former holder may not have noticed yet
 * - the folder was copied, on this machine or to another, where the note tells of a holder that lives here
 * - the folder is shared by machines over a network, on which a lock may or may not hold
 * - the machine was started anew, or does not say which boot this is (macOS, Windows)
 *
 * Containers that share a folder share its lock, if they share the kernel: process ids do not matter. Who died before it got the
 * lease has left the one before it in the lease: so the note passes on what it said. Who cannot leave his name is not
 * succeeded: that is logged.
 */
export async function succeed(
  root: string,
  { file }: HeldLock,
  identity: string,
  log: Log,
): Promise<readonly string[]> {
  const kernel = await thisKernel();
  if (kernel === undefined) return [];
  const lock = `${kernel} ${file}`;
  const path = notePath(root);
  const left = await readNote(path);
  const before = left?.lock === lock ? left.holders : [];
  const holders = [identity, ...before.filter((holder) => holder !== identity)].slice(0, remembered);
  try {
    await writeWhole(path, `${JSON.stringify({ lock, holders })}\n`);
  } catch (error) {
    log.warn(`${path}: ${problemOf(error).reason}. Should this controller die, the next one waits for its lease`);
  }
  return before;
}

async function readNote(path: string): Promise<z.infer<typeof schema> | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}

/** Undefined where the system does not tell. */
async function thisKernel(): Promise<string | undefined> {
  const read = (path: string): Promise<string> =>
    readFile(path, "utf8").then(
      (text) => text.trim(),
      () => "",
    );
  const [boot, machine] = await Promise.all([read("/proc/sys/kernel/random/boot_id"), read("/etc/machine-id")]);
  return boot === "" ? undefined : `${machine} ${boot}`;
}
