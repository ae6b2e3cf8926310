import { readdirSync } from "node:fs";
import { type Headers, pack } from "tar-fs";

/**
 * A tar archive of a folder's content, or of one file, as a stream. Entries belong to nobody (uid and gid 0), so that
 * they become those of whoever unpacks; links stay links; sockets and devices are left out.
 */
export function tarOf(
  source: { readonly folder: string; readonly entries?: readonly string[] },
  options: {
    /** Whether an entry, given by its path relative to the folder, stays out with all below it. */
    readonly leaveOut?: (path: string) => boolean;
    /** The entry's name in the archive. */
    readonly rename?: (name: string) => string;
  } = {},
): AsyncIterable<Uint8Array> {
  const { folder, entries } = source;
  const { leaveOut, rename } = options;
  const archive: AsyncIterable<unknown> = pack(folder, {
    // Without an entry for the folder itself: whoever unpacks may not own the place where it goes.
    // The library asks `ignore` only about what it finds below the entries.
    entries: (entries ?? readdirSync(folder)).filter((entry) => !leaveOut?.(entry)),
    ignore: (path) => leaveOut?.(path.slice(folder.length + 1)) ?? false,
    map: (header: Headers) => ({ ...header, name: rename?.(header.name) ?? header.name, uid: 0, gid: 0 }),
  });
  return archive as AsyncIterable<Uint8Array>;
}
