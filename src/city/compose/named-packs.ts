import { posix } from "node:path";
import type { CityDraft } from "./city-draft.ts";
import type { Composition } from "./composition.ts";

/** Replaces the names of [packs] in includes by the folders that gc clones them to (gascity-spec §1.2, step 5). */
export function withNamedPacks(draft: CityDraft, { root, provenance, namedClones }: Composition): CityDraft {
  if (draft.packs.size === 0) return draft;
  const locate = (reference: string): string => {
    const pack = draft.packs.get(reference);
    if (!pack) return reference;
    const into = posix.join(root, ".gc/cache/packs", reference);
    const folder = posix.join(into, pack.path ?? "");
    namedClones.set(folder, { repository: pack.source, ref: pack.ref ?? "", into });
    return folder;
  };
  return {
    ...draft,
    includes: draft.includes.map((include) => ({ ...include, reference: locate(include.reference) })),
    rigs: draft.rigs.map((rig) => {
      if (!rig.includes?.some((reference) => draft.packs.has(reference))) return rig;
      const located = { ...rig, includes: rig.includes.map(locate) };
      provenance.copy(rig, located);
      return located;
    }),
  };
}
