/** A clone of a git repository that gc and we look for a pack in. */
export interface PackClone {
  /** What git clones. */
  readonly repository: string;
  /** Branch, tag or commit; empty for the default branch. */
  readonly ref: string;
  /** Absolute path of the clone. */
  readonly into: string;
}

/** What git clones for a repository that is named without a scheme, as GitHub's may be. */
export function addressOf(repository: string): string {
  return repository.startsWith("github.com/") ? `https://${repository}` : repository;
}
