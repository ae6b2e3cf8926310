import { ProblemError } from "../../lib/problem.ts";

/** The first with `new-session -e` (tmux's CHANGES, from 3.1c to 3.2). */
const needed = { major: 3, minor: 2 };

/** Fails with `tmux-missing` when what `tmux -V` printed is a release that is too old; builds without a number pass. */
export function requireVersion(printed: string): void {
  const [, major, minor] = /^tmux (?:next-)?(\d+)\.(\d+)/u.exec(printed) ?? [];
  if (major === undefined) return;
  if (Number(major) > needed.major || (Number(major) === needed.major && Number(minor) >= needed.minor)) return;
  throw new ProblemError({
    code: "tmux-missing",
    reason: `${printed.trim()} on this machine is older than tmux ${needed.major}.${needed.minor}`,
    action: "Install a newer one, as with apt-get install tmux or brew install tmux",
  });
}
