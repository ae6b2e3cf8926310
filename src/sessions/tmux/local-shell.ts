import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { AgentShell, ShellLimits } from "../agent-shell.ts";
import { endProcessTree } from "./process-tree.ts";

/** A shell on this machine. A command that is given up ends with all it has started. */
export function localShell(cwd: string, env: Readonly<Record<string, string>>): AgentShell {
  const run = async (args: readonly string[], { limit, signal }: ShellLimits): Promise<string> => {
    signal.throwIfAborted();
    const child = spawn("sh", ["-c", ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const limited = AbortSignal.any([signal, AbortSignal.timeout(limit)]);
    try {
      return await untilDone(child, limited);
    } catch (error) {
      if (limited.aborted && child.pid !== undefined) await endProcessTree(child.pid, process.pid);
      // What it has left behind may still hold them.
      child.stdout.destroy();
      child.stderr.destroy();
      signal.throwIfAborted();
      if (limited.aborted) return `it took longer than ${Math.round(limit / 100) / 10} s`;
      throw error;
    }
  };
  return {
    run: (command, limits) => run([command], limits),
    runScript: (path, limits) => run(['[ -x "$1" ] && exec "$1"; exec sh "$1"', "sh", path], limits),
  };
}

/** Why the command failed; empty when it did not. */
async function untilDone(child: ChildProcessByStdio<null, Readable, Readable>, signal: AbortSignal): Promise<string> {
  const output = Promise.all([text(child.stderr), text(child.stdout)]).catch(() => ["", ""]);
  const [code] = (await once(child, "close", { signal })) as [number | null];
  if (code === 0) return "";
  const [stderr = "", stdout = ""] = await output;
  return stderr.trim() || stdout.trim() || `exit code ${code}`;
}
