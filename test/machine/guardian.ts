import { spawn } from "node:child_process";
import type { Socket } from "node:net";

/**
 * Runs a shell script, with `args` as its `$1`, `$2`, …, when this process ends without having disposed of the guardian,
 * however it ends: for what must not outlive us. Does not keep this process from ending.
 */
export function guard(script: string, args: readonly string[]): Disposable {
  // It reads a pipe whose other end is ours alone, and is out of reach of the terminal's Ctrl-C.
  const child = spawn("sh", ["-c", `cat >/dev/null; ${script}`, "sh", ...args], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  child.unref();
  (child.stdin as Socket).unref();
  return {
    [Symbol.dispose]() {
      // The script of a stopped shell never runs; the pipe's reader ends with the pipe.
      child.kill("SIGKILL");
      child.stdin.destroy();
    },
  };
}
