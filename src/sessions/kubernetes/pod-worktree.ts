import { ProblemError } from "../../lib/problem.ts";
import type { ContainerIntake } from "./container-intake.ts";
import { tail } from "./pod-failure.ts";

/** A git worktree of a pod, by its paths there. */
export interface PodWorktree {
  readonly repository: string;
  readonly folder: string;
}

/**
 * Shell for `sh -c SCRIPT sh REPOSITORY FOLDER BRANCH`. The repository may belong to another user, as a volume does. Its
 * hooks are made for those who work there. The branch may be what the repository itself has checked out, where nobody works.
 */
const script = `
set -e
repository=$1 folder=$2 branch=$3
git() { command git -c safe.directory='*' -c core.hooksPath=/dev/null -C "$repository" "$@"; }
rm -rf "$folder"
git worktree prune
if git show-ref --quiet --verify "refs/heads/$branch"; then
  git worktree add --quiet --force "$folder" "$branch"
else
  git worktree add --quiet -b "$branch" "$folder" HEAD
fi
`;

/** For the check-out of a large repository, in milliseconds. */
const limit = 300_000;

/**
 * Makes a session's worktree in its pod, in place of what is there. Its branch `gc/POD` goes on if the repository has it,
 * else it begins at the repository's HEAD. Fails with `session-failed` where git is missing or refuses.
 */
export async function addWorktree(
  intake: Pick<ContainerIntake, "pod" | "run">,
  { repository, folder }: PodWorktree,
): Promise<void> {
  const argv = ["sh", "-c", script, "sh", repository, folder, `gc/${intake.pod.podName}`];
  const { exitCode, stderr } = await intake.run(argv, { timeout: limit });
  if (exitCode === 0) return;
  throw new ProblemError({
    code: "session-failed",
    reason: `The agent's worktree of ${repository} could not be made in the pod: ${tail(stderr) || `exit code ${exitCode}`}`,
    action:
      "Check that the image has git and that the work dir is the root of a git repository with a commit, not itself a worktree; or remove worktree from kubernetes.toml for this agent",
  });
}

/** Whether a worktree is there from an earlier pod of the session, on a volume that survived it. */
export async function hasWorktree(intake: Pick<ContainerIntake, "run">, { folder }: PodWorktree): Promise<boolean> {
  return (await intake.run(["test", "-e", `${folder}/.git`])).exitCode === 0;
}
