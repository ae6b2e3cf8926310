import { posix } from "node:path";
import type { PackReference } from "./city-draft.ts";
import { absolutePath } from "./city-paths.ts";
import type { Composition } from "./composition.ts";
import { includeCacheName, parseRemoteReference, type RemoteReference, repositoryCacheName } from "./pack-reference.ts";

/** Where a referenced pack, or a fragment, is on this machine. */
export interface PackLocation {
  /** Absolute path. */
  readonly path: string;
  /** The command that fetches it, when it is in none of gc's caches yet. */
  readonly fetch?: string;
}

/** Finds what a file in `folder` refers to: a local path, or a repository in one of gc's caches. */
export function locatePack(reference: string, folder: string, composition: Composition): PackLocation {
  const { root, sources } = composition;
  const remote = parseRemoteReference(reference);
  if (!remote) {
    const path = absolutePath(reference, folder, root);
    const named = path.startsWith(`${root}/.gc/cache/packs/`);
    // gc clones it when it loads the city; its own "pack fetch" gives up where a rig needs the pack.
    return named && !sources.isFolder(path) ? { path, fetch: "gc config show" } : { path };
  }
  const cache = lockedCache(reference, remote, composition) ?? includeCache(remote, root);
  const path = posix.join(cache.path, remote.folder);
  // As for gc, a cache that is no clone is none.
  return sources.isFolder(posix.join(cache.path, ".git")) ? { path } : { path, fetch: cache.fetch };
}

/** The same; nothing is fetched, so that what no cache has is a finding, and undefined. */
export function resolvePack(
  { reference, origin }: PackReference,
  folder: string,
  composition: Composition,
): string | undefined {
  const { path, fetch } = locatePack(reference, folder, composition);
  if (fetch === undefined) return path;
  composition.findings.push({
    severity: "error",
    code: "not-fetched",
    origin,
    message: `"${reference}" has not been fetched to ${path} yet: run ${fetch}`,
  });
  return undefined;
}

/** Where `gc import` keeps the commit that packs.lock names. What asks for a ref of its own is not looked up there. */
function lockedCache(
  reference: string,
  remote: RemoteReference,
  { root, env, sources }: Composition,
): Required<PackLocation> | undefined {
  const commit =
    remote.ref === "" ? sources.readListed(posix.join(root, "packs.lock")).packs.get(reference)?.commit : undefined;
  if (!commit) return undefined;
  const name = repositoryCacheName(remote.repository, commit);
  return { path: posix.join(env["HOME"] ?? "/", ".gc/cache/repos", name), fetch: "gc import install" };
}

function includeCache({ repository, ref }: RemoteReference, root: string): Required<PackLocation> {
  const path = posix.join(root, ".gc/cache/includes", includeCacheName(repository));
  const address = repository.startsWith("github.com/") ? `https://${repository}` : repository;
  return { path, fetch: `git clone ${ref === "" ? "" : `--branch ${ref} `}${address} ${path}` };
}
