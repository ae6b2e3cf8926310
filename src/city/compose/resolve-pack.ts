import { posix } from "node:path";
import type { PackReference } from "./city-draft.ts";
import { absolutePath } from "./city-paths.ts";
import type { Composition } from "./composition.ts";
import { addressOf, type PackClone } from "./pack-clone.ts";
import { includeCacheName, parseRemoteReference, type RemoteReference, repositoryCacheName } from "./pack-reference.ts";

/** Where a referenced pack, or a fragment, is on this machine. */
export interface PackLocation {
  /** Absolute path. */
  readonly path: string;
  /** What has to be cloned first. */
  readonly missing?: PackClone;
}

/** Finds what a file in `folder` refers to: a local path, or a repository in one of gc's caches. */
export function locatePack(reference: string, folder: string, composition: Composition): PackLocation {
  const { root, sources, namedClones } = composition;
  const remote = parseRemoteReference(reference);
  const local = remote ? "" : absolutePath(reference, folder, root);
  const clone = remote
    ? (lockedClone(reference, remote, composition) ?? includeClone(remote, root))
    : namedClones.get(local);
  const path = remote && clone ? posix.join(clone.into, remote.folder) : local;
  // As for gc, a cache that is no clone is none.
  return !clone || sources.isFolder(posix.join(clone.into, ".git")) ? { path } : { path, missing: clone };
}

/** The same; nothing is fetched, so that what no cache has is a finding, and undefined. */
export function resolvePack(
  { reference, origin }: PackReference,
  folder: string,
  composition: Composition,
): string | undefined {
  const { path, missing } = locatePack(reference, folder, composition);
  if (!missing) return path;
  const { repository, ref, into } = missing;
  const what = ref === "" ? repository : `${repository} at ${ref}`;
  composition.findings.push({
    severity: "error",
    code: "not-fetched",
    origin,
    message: `${what} has not been fetched to ${into} yet: run gascity pack fetch`,
    clone: missing,
  });
  return undefined;
}

/** Where `gc import` keeps the commit that packs.lock names. What asks for a ref of its own is not looked up there. */
function lockedClone(
  reference: string,
  remote: RemoteReference,
  { root, env, sources }: Composition,
): PackClone | undefined {
  const commit =
    remote.ref === "" ? sources.readListed(posix.join(root, "packs.lock")).packs.get(reference)?.commit : undefined;
  if (!commit) return undefined;
  const name = repositoryCacheName(remote.repository, commit);
  const into = posix.join(env["HOME"] ?? "/", ".gc/cache/repos", name);
  return { repository: addressOf(remote.repository), ref: commit, into };
}

function includeClone({ repository, ref }: RemoteReference, root: string): PackClone {
  return {
    repository: addressOf(repository),
    ref,
    into: posix.join(root, ".gc/cache/includes", includeCacheName(repository)),
  };
}
