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

const usualGrace = 2000;
// Each look is a process of its own: the longer it takes, the less often.
const [firstPause, longestPause] = [40, 320];

/**
 * Ends the process `root`, if it is a child of `parent`, and all its descendants: SIGTERM, and SIGKILL for what is still
 * there after `grace` milliseconds, two seconds when left out (gascity-spec §7.1), together with what that has started
 * meanwhile.
 */
export async function endProcessTree(root: number, parent: number, grace = usualGrace): Promise<void> {
  const first = await processes();
  let left = withDescendants(
    first.filter((process) => process.pid === root && process.parent === parent),
    first,
  );
  signal(left, "SIGTERM");
  const deadline = performance.now() + grace;
  for (
    let pause = firstPause;
    left.length > 0 && performance.now() < deadline;
    pause = Math.min(2 * pause, longestPause)
  ) {
    await delay(Math.min(pause, deadline - performance.now()));
    const now = await processes();
    left = withDescendants(stillThere(left, now), now);
  }
  signal(left, "SIGKILL");
}

/** Whether the process `root` or a descendant of it has one of these patterns, as for `pgrep -f`, in its command line. */
export async function runsBelow(root: number, patterns: readonly string[]): Promise<boolean> {
  const all = await processes();
  const tree = withDescendants(
    all.filter(({ pid }) => pid === root),
    all,
  );
  const lines = await commandLines(tree.map(({ pid }) => pid));
  return patterns.some((pattern) => lines.some((line) => matches(pattern, line)));
}

/** As they are when they are looked at; a process that has ended has none. */
async function commandLines(pids: readonly number[]): Promise<readonly string[]> {
  if (pids.length === 0) return [];
  const { stdout } = await run("ps", ["-o", "args=", "-ww", "-p", pids.join(",")]).catch(() => ({ stdout: "" }));
  return stdout.split("\n").filter((line) => line !== "");
}

function matches(pattern: string, line: string): boolean {
  try {
    return new RegExp(pattern, "u").test(line);
  } catch {
    return line.includes(pattern);
  }
}

function stillThere(known: readonly Process[], now: readonly Process[]): Process[] {
  return now.filter(({ pid, start }) => known.some((process) => process.pid === pid && process.start === start));
}

function withDescendants(roots: readonly Process[], all: readonly Process[]): Process[] {
  const tree = new Set(roots);
  // A set that grows while it is walked is walked to its end.
  for (const { pid } of tree) {
    for (const process of all) if (process.parent === pid) tree.add(process);
  }
  return [...tree];
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
