import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** One process; `start` tells it from a later one with the same number. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly start: string;
}

const graceMilliseconds = 2000;

/** Ends a process and all its descendants: SIGTERM, and SIGKILL for what is still there after two seconds (gascity-spec §7.1). */
export async function endProcessTree(root: number): Promise<void> {
  const tree = treeOf(root, await processes());
  signal(tree, "SIGTERM");
  const deadline = Date.now() + graceMilliseconds;
  let left = tree;
  while (left.length > 0 && Date.now() < deadline) {
    await delay(20);
    left = await stillThere(left);
  }
  signal(left, "SIGKILL");
}

async function stillThere(known: readonly Process[]): Promise<readonly Process[]> {
  const now = new Map((await processes()).map((process) => [process.pid, process.start]));
  return known.filter(({ pid, start }) => now.get(pid) === start);
}

function treeOf(root: number, all: readonly Process[]): readonly Process[] {
  const tree = all.filter(({ pid }) => pid === root);
  // The list grows while it is walked.
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

/** Every living process; those that only wait to be reaped have ended. */
async function processes(): Promise<readonly Process[]> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid=,stat=,lstart="]);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, state, start] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/u.exec(line) ?? [];
    return pid && parent && start && !state?.startsWith("Z")
      ? [{ pid: Number(pid), parent: Number(parent), start }]
      : [];
  });
}

function signal(targets: readonly Process[], name: NodeJS.Signals): void {
  for (const { pid } of targets) {
    try {
      process.kill(pid, name);
    } catch {
      // It ended in between.
    }
  }
}
