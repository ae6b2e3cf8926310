import { parse } from "smol-toml";
import * as z from "zod";

const listedPack = z.object({
  source: z.string().default(""),
  version: z.string().default(""),
  commit: z.string().default(""),
});
const lists = z.object({
  packs: z.record(z.string(), listedPack).default({}),
  imports: z.record(z.string(), listedPack).default({}),
});

/** What gc has noted of a remote pack. */
export type ListedPack = Readonly<z.infer<typeof listedPack>>;

/** The packs in a file that gc itself writes: packs.lock by source, implicit-import.toml by binding. */
export interface ListedPacks {
  readonly packs: ReadonlyMap<string, ListedPack>;
  readonly imports: ReadonlyMap<string, ListedPack>;
}

/** Reads such a file; one that is missing or broken lists nothing, since nobody edits it. */
export function readListedPacks(text: string | undefined): ListedPacks {
  const { packs, imports } = lists.safeParse(parsed(text ?? "")).data ?? { packs: {}, imports: {} };
  return { packs: new Map(Object.entries(packs)), imports: new Map(Object.entries(imports)) };
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return {};
  }
}
