import { execFileSync } from "node:child_process";

/** Makes a folder a git repository with all that is in it in one commit, on the branch `main`. */
export function commitAll(folder: string): void {
  const git = (...args: string[]): void => void execFileSync("git", ["-C", folder, ...args]);
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first");
}
