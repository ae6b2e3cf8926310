import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { platform } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { type FileLock, fileIdentity, tryLockFile } from "../../lib/file-lock.ts";
import { pingController } from "./ask-controller.ts";
import { controllerLockPath } from "./controller-files.ts";

/** The lock that makes this process a city's controller on this machine, until disposed or until the process ends. */
export interface HeldLock extends FileLock {
  /** False once disposed, and once the file was removed or replaced: then another may hold the lock on a new one. */
  isHeld(): boolean;
}

/** Who is the controller of a city on this machine: this process, or another, whose id is known if it answers. */
export type ControllerLock =
  { readonly kind: "ours"; readonly lock: HeldLock } | { readonly kind: "theirs"; readonly pid: number | undefined };

// As gc makes it.
const mode = 0o600;
const macPollMilliseconds = 500;

/**
 * Takes the lock of the city in `root` unless a controller, gc's or ours, holds it. Waits `wait` milliseconds for it, by
 * default not at all.
 */
export async function takeControllerLock(root: string, wait = 0): Promise<ControllerLock> {
  const path = controllerLockPath(root);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const lock = await tryLockFile(path, { wait, mode });
  return lock ? { kind: "ours", lock: held(lock, path) } : { kind: "theirs", pid: await pingController(root) };
}

function held(lock: FileLock, path: string): HeldLock {
  const { file } = lock;
  let disposed = false;
  return {
    file,
    isHeld: () => !disposed && fileAt(path) === file,
    async [Symbol.asyncDispose]() {
      if (disposed) return;
      disposed = true;
      await lock[Symbol.asyncDispose]();
    },
  };
}

function fileAt(path: string): string | undefined {
  const file = statSync(path, { bigint: true, throwIfNoEntry: false });
  return file && fileIdentity(file);
}

/**
 * Resolves when no controller holds the lock of the city in `root`. Takes nothing from a controller that comes: only one
 * that tries within the same two milliseconds finds it locked. Rejects when the signal aborts.
 */
export async function untilUncontrolled(root: string, signal: AbortSignal): Promise<void> {
  const path = controllerLockPath(root);
  if (platform === "darwin") return untilUnlockedOnMac(path, signal);
  // The kernel wakes it. One that outlives us ends then, too.
  const flock = spawn("flock", ["-s", path, "true"], { stdio: "ignore", detached: true, signal });
  await once(flock, "close");
}

/** macOS has no flock(1). Untried. */
async function untilUnlockedOnMac(path: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const lock = await tryLockFile(path, { mode });
    if (lock) return lock[Symbol.asyncDispose]();
    await delay(macPollMilliseconds, undefined, { signal });
  }
}
