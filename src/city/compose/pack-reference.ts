import { createHash } from "node:crypto";
import { addressOf } from "./pack-clone.ts";

/** A pack in a git repository, as includes and imports name it. */
export interface RemoteReference {
  /** What git clones. */
  readonly repository: string;
  /** Folder of the pack in the repository; empty for its root. */
  readonly folder: string;
  /** Branch, tag or commit; empty for the default branch. */
  readonly ref: string;
}

/**
 * Takes a remote reference apart: `git@…`, a URL or `github.com/owner/repo`, each with `//folder` and `#ref` if it
 * likes, or the address of a folder on GitHub's site (`…/tree/REF/FOLDER`). Undefined for a local path.
 */
export function parseRemoteReference(reference: string): RemoteReference | undefined {
  const tree = /^(.*github\.com\/[^/]+\/[^/]+)\/tree\/([^/]+)(?:\/(.*))?$/u.exec(reference);
  if (tree) return { repository: `${tree[1]}.git`, ref: tree[2] ?? "", folder: tree[3] ?? "" };
  if (!/^(?:git@|ssh:\/\/|https?:\/\/|file:\/\/|github\.com\/)/u.test(reference)) return undefined;
  const hash = reference.lastIndexOf("#");
  const ref = hash < 0 ? "" : reference.slice(hash + 1);
  const address = hash < 0 ? reference : reference.slice(0, hash);
  const scheme = address.indexOf("://");
  const slashes = address.indexOf("//", scheme < 0 ? 0 : scheme + 3);
  if (slashes < 0) return { repository: address, folder: "", ref };
  return { repository: address.slice(0, slashes), folder: address.slice(slashes + 2), ref };
}

/** The name of the folder below `.gc/cache/includes` that gc clones a repository into. */
export function includeCacheName(repository: string): string {
  const path = repository.includes("://") ? repository : repository.slice(repository.lastIndexOf(":") + 1);
  const slug = path.slice(path.lastIndexOf("/") + 1).replace(/\.git$/u, "") || "include";
  return `${slug}-${sha256(repository).slice(0, 12)}`;
}

/** The name of the folder below `~/.gc/cache/repos` that gc keeps one commit of a repository in. */
export function repositoryCacheName(repository: string, commit: string): string {
  return sha256(addressOf(repository) + commit);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
