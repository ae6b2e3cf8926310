import { posix } from "node:path";
import type { PackReference } from "./city-draft.ts";
import type { Composition } from "./composition.ts";
import type { PackTables } from "../schema/pack-tables.ts";

/** The newest format of pack.toml that gc 0.15 knows. */
const newestSchema = 2;

/** The tables of the pack in `folder`, to which `reference` led; undefined after a finding when it has none. */
export function readPackTables(
  folder: string,
  reference: PackReference,
  composition: Composition,
): PackTables | undefined {
  const file = posix.join(folder, "pack.toml");
  if (!composition.sources.isFile(file)) {
    composition.findings.push({
      severity: "error",
      code: "missing-pack",
      origin: reference.origin,
      message: `There is no pack at "${reference.reference}": ${file} does not exist`,
    });
    return undefined;
  }
  const tables = composition.sources.readPack(file);
  return tables && hasValidHeader(tables, file, composition) ? tables : undefined;
}

/** Reports what is wrong with [pack] (gascity-spec §1.2). */
export function hasValidHeader(tables: PackTables, file: string, composition: Composition): boolean {
  // What is missing or of a wrong type has been said when the file was read.
  const { pack } = tables as Partial<PackTables>;
  if (pack?.name === undefined || pack.schema === undefined) return false;
  const problems: { readonly path: readonly (string | number)[]; readonly message: string }[] = [];
  if (pack.name === "") problems.push({ path: ["pack", "name"], message: "A pack needs a name" });
  if (pack.schema === 0) problems.push({ path: ["pack", "schema"], message: `A pack needs a schema: write 2` });
  if (pack.schema > newestSchema) {
    problems.push({
      path: ["pack", "schema"],
      message: `Packs of schema ${pack.schema} are not known here, only up to ${newestSchema}`,
    });
  }
  for (const [index, requirement] of (pack.requires ?? []).entries()) {
    const path = ["pack", "requires", index];
    if (!requirement.agent) problems.push({ path: [...path, "agent"], message: "A requirement names an agent" });
    if (requirement.scope !== "city" && requirement.scope !== "rig") {
      problems.push({ path: [...path, "scope"], message: 'The scope of a requirement is "city" or "rig"' });
    }
  }
  for (const { path, message } of problems) {
    composition.findings.push({ severity: "error", code: "pack-header", origin: { file, path }, message });
  }
  return problems.length === 0;
}
