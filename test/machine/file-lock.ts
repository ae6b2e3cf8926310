import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { platform } from "node:process";

/**
 * Waits until this process alone holds the lock on `file` (made if it is not there), and holds it until disposed.
 * The kernel lets go of it when this process dies, however it dies. Guards nothing outside Linux.
 */
export async function lockFile(file: string): Promise<AsyncDisposable> {
  if (platform !== "linux") return { async [Symbol.asyncDispose]() {} };
  await mkdir(dirname(file), { recursive: true });
  // The holder reads a pipe from us, so it ends, and with it the lock, when we do. In a group of its own Ctrl-C in the
  // terminal does not reach it before us.
  const holder = spawn("flock", [file, "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  const ended = once(holder, "close");
  const held = await Promise.race([once(holder.stdout, "data").then(() => true), ended.then(() => false)]);
  if (!held) throw new Error(`Cannot lock ${file}: flock ended with code ${holder.exitCode ?? "unknown"}`);
  return {
    async [Symbol.asyncDispose]() {
      holder.stdin.end();
      await ended;
    },
  };
}
