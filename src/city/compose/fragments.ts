import { posix } from "node:path";
import type { CityDraft, PackReference } from "./city-draft.ts";
import type { Composition } from "./composition.ts";
import { mergeFragment } from "./merge-fragment.ts";
import { resolvePack } from "./resolve-pack.ts";

/** Merges the files that city.toml includes, one after the other (gascity-spec §1.2, step 3). */
export function withFragments(draft: CityDraft, composition: Composition): CityDraft {
  const file = posix.join(composition.root, "city.toml");
  const includes = draft.tables.include ?? [];
  return includes.reduce<CityDraft>((merged, reference, index) => {
    const path = fragmentFile({ reference, origin: { file, path: ["include", index] } }, composition);
    const tables = path === undefined ? undefined : composition.sources.readCity(path);
    if (path === undefined || !tables) return merged;
    if (tables.include?.length) {
      composition.findings.push({
        severity: "error",
        code: "nested-include",
        origin: { file: path, path: ["include"] },
        message: `A file that city.toml includes cannot include others: list them in city.toml`,
      });
    }
    return mergeFragment(merged, tables, path, composition);
  }, draft);
}

function fragmentFile(reference: PackReference, composition: Composition): string | undefined {
  const path = resolvePack(reference, composition.root, composition);
  if (path === undefined || composition.sources.isFile(path)) return path;
  composition.findings.push({
    severity: "error",
    code: "missing-file",
    origin: reference.origin,
    message: `"${reference.reference}" cannot be included: ${path} does not exist`,
  });
  return undefined;
}
