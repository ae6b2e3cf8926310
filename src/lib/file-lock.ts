import { spawn } from "node:child_process";
import { once } from "node:events";
import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { platform } from "node:process";
import { text } from "node:stream/consumers";
import { ProblemError } from "./problem.ts";

/** A lock on a file, held until disposed, also when nobody keeps this object. The kernel lets go of it when this process dies, however it dies. */
export interface FileLock extends AsyncDisposable {
  /** Which file it is, as `fileIdentity` tells: its path may lead to another by now. */
  readonly file: string;
}

/** How long to wait, in milliseconds, and the mode of a lock file that is made. */
interface LockOptions {
  readonly wait?: number;
  readonly mode?: number;
}

/** BSD's O_EXLOCK, which Node does not name. Untried. */
const exclusiveLock = 0x20;
const attempts = { shortest: 5, longest: 100 };
/** Node closes an open file that nobody knows any more. */
const held = new Set<FileHandle>();

/** Tells files of this machine apart that are there at the same time, whatever their paths: device and inode. */
export function fileIdentity({ dev, ino }: Pick<BigIntStats, "dev" | "ino">): string {
  return `${dev}:${ino}`;
}

/**
 * Waits until this process alone holds flock(2)'s exclusive lock on `file`, as gc takes it. The file is made if it is not
 * there and stays. Fails with `lock-held` when somebody else still has it after `wait`, ten seconds unless told.
 */
export async function lockFile(file: string, { wait = 10_000 }: Pick<LockOptions, "wait"> = {}): Promise<FileLock> {
  const lock = await tryLockFile(file, { wait });
  if (lock) return lock;
  throw new ProblemError({
    code: "lock-held",
    reason: `Another program has kept ${file} locked for ${wait / 1000} s`,
    action: `Find it with fuser ${file}, let it finish or end it, then try again`,
  });
}

/** As `lockFile`, but undefined when somebody else still has the lock after `wait`, at once unless told. */
export async function tryLockFile(
  file: string,
  { wait = 0, mode = 0o644 }: LockOptions = {},
): Promise<FileLock | undefined> {
  await mkdir(dirname(file), { recursive: true });
  const handle = await (platform === "darwin"
    ? openLocked(file, mode, performance.now() + wait)
    : openAndLock(file, mode, wait));
  if (!handle) return undefined;
  const identity = fileIdentity(await handle.stat({ bigint: true }));
  held.add(handle);
  return {
    file: identity,
    async [Symbol.asyncDispose]() {
      held.delete(handle);
      await handle.close();
    },
  };
}

async function openAndLock(file: string, mode: number, wait: number): Promise<FileHandle | undefined> {
  const handle = await open(file, constants.O_RDWR | constants.O_CREAT, mode);
  let locked = false;
  try {
    locked = await lockHandle(handle, file, wait);
  } finally {
    if (!locked) await handle.close();
  }
  return locked ? handle : undefined;
}

/**
 * Node has no flock. The lock belongs to the open file and not to a process, so flock(1) can take it on our file, which it
 * inherits, and end: we keep it until we close the file.
 */
async function lockHandle(handle: FileHandle, file: string, wait: number): Promise<boolean> {
  // Busybox knows no --wait, hence the time-out of our own.
  const flock = spawn("flock", [wait === 0 ? "-xn" : "-x", "3"], {
    stdio: ["ignore", "ignore", "pipe", handle.fd],
    // Ctrl-C in the terminal is for us to answer.
    detached: true,
  });
  const late = wait > 0 && wait < Infinity ? setTimeout(() => flock.kill("SIGKILL"), wait) : undefined;
  try {
    const [[code], words] = await Promise.all([once(flock, "close"), flock.stderr ? text(flock.stderr) : ""]);
    if (code === 0) return true;
    if (words === "") return false;
    throw cannotLock(file, words.trim());
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw missing ? cannotLock(file, "there is no program flock") : error;
  } finally {
    clearTimeout(late);
  }
}

async function openLocked(file: string, mode: number, deadline: number): Promise<FileHandle | undefined> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | exclusiveLock;
  for (let pause = attempts.shortest; ; pause = Math.min(pause * 2, attempts.longest)) {
    try {
      return await open(file, flags, mode);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
    if (performance.now() >= deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function cannotLock(file: string, why: string): ProblemError {
  return new ProblemError({
    code: "unsupported",
    reason: `${file} cannot be locked: ${why}`,
    action: "Install flock, which is part of util-linux",
  });
}
