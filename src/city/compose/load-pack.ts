import { posix } from "node:path";
import { bindImport } from "./bind-import.ts";
import type { PackReference } from "./city-draft.ts";
import type { ComposedAgent, ComposedNamedSession, ComposedService, PackGlobal } from "./composed-city.ts";
import { type Composition, keyOriginOf } from "./composition.ts";
import { applyPackPatches } from "./pack-patches.ts";
import { qualifyDependencies } from "./qualify-dependencies.ts";
import { readPackTables } from "./read-pack.ts";
import { resolvePack } from "./resolve-pack.ts";
import { sortedEntries } from "./sorted-entries.ts";
import { type PackPlace, ownAgents, ownNamedSessions, ownServices } from "./stamp-pack.ts";
import type { ImportTable } from "../schema/imports.ts";
import type { PackTables } from "../schema/pack-tables.ts";
import type { ProviderTable } from "../schema/provider.ts";

/** A pack with all that it includes and imports, stamped for the city or for one rig. */
export interface PackContents {
  readonly folder: string;
  readonly name: string;
  readonly agents: readonly ComposedAgent[];
  readonly namedSessions: readonly ComposedNamedSession[];
  readonly services: readonly ComposedService[];
  readonly providers: ReadonlyMap<string, ProviderTable>;
  /** The folders of the packs in it, those it builds on first; one that is reached twice is there twice. */
  readonly folders: readonly string[];
  readonly requirements: readonly Requirement[];
  readonly globals: readonly PackGlobal[];
}

/** An agent that a pack cannot do without. */
export type Requirement = NonNullable<PackTables["pack"]["requires"]>[number];

/** Loads packs for the city, or with `rig` for one rig; each folder once. */
export class PackLoader {
  readonly #composition: Composition;
  readonly #rig: string;
  readonly #loaded = new Map<string, PackContents | undefined>();
  /** Folders that are being loaded: to come upon one of them again is a cycle. */
  readonly #loading = new Set<string>();

  constructor(composition: Composition, rig: string) {
    this.#composition = composition;
    this.#rig = rig;
  }

  /** The pack that a file in `folder` includes; undefined after a finding when there is none. */
  load(reference: PackReference, folder: string): PackContents | undefined {
    const packFolder = resolvePack(reference, folder, this.#composition);
    return packFolder === undefined ? undefined : this.#loadFolder(packFolder, reference);
  }

  /** The same for a city's own include, which gc lets go when the pack, or one that it builds on, is not there. */
  loadIfThere(reference: PackReference, folder: string): PackContents | undefined {
    const { findings } = this.#composition;
    const before = findings.length;
    const contents = this.load(reference, folder);
    const found = findings.splice(before);
    for (const finding of found) {
      const message = `${finding.message}; the city does without "${reference.reference}"`;
      findings.push(finding.code === "missing-pack" ? { ...finding, severity: "warning", message } : finding);
    }
    if (!found.some(({ code }) => code === "missing-pack")) return contents;
    // Whoever cannot do without it will find out when he loads it himself.
    this.#loaded.clear();
    return undefined;
  }

  /** The pack that a file in `folder` imports, as the pack itself sees it. */
  loadImport(table: ImportTable, folder: string): PackContents | undefined {
    // Without a source there is nothing to load; that it is required has been said.
    if (!table.source) return undefined;
    const reference = { reference: table.source, origin: keyOriginOf(this.#composition, table, "source") };
    return this.load(reference, folder);
  }

  #loadFolder(folder: string, reference: PackReference): PackContents | undefined {
    if (this.#loading.has(folder)) {
      this.#composition.findings.push({
        severity: "error",
        code: "pack-cycle",
        origin: reference.origin,
        message: `"${reference.reference}" leads back to the pack in ${folder}: packs cannot include each other in a circle`,
      });
      return undefined;
    }
    if (this.#loaded.has(folder)) return this.#loaded.get(folder);
    this.#loading.add(folder);
    const tables = readPackTables(folder, reference, this.#composition);
    const contents = tables && this.#assemble(folder, tables);
    this.#loading.delete(folder);
    this.#loaded.set(folder, contents);
    return contents;
  }

  #assemble(folder: string, tables: PackTables): PackContents {
    const composition = this.#composition;
    const bases = this.#bases(folder, tables);
    const place: PackPlace = { folder, file: posix.join(folder, "pack.toml"), rig: this.#rig };
    const agents = [...bases.flatMap((base) => base.agents), ...ownAgents(tables, place, composition)];
    const patched = applyPackPatches(agents, tables.patches?.agent ?? [], place, composition);
    return {
      folder,
      name: tables.pack.name,
      agents: patched.map((agent) => qualifyDependencies(agent, composition.provenance)),
      namedSessions: [...bases.flatMap((base) => base.namedSessions), ...ownNamedSessions(tables, place, composition)],
      services: [...bases.flatMap((base) => base.services), ...ownServices(tables, place, composition)],
      providers: mergeProviders(bases, tables),
      folders: [...bases.flatMap((base) => base.folders), folder],
      requirements: [...bases.flatMap((base) => base.requirements), ...(tables.pack.requires ?? [])],
      globals: [...bases.flatMap((base) => base.globals), ...packGlobals(tables, folder)],
    };
  }

  /** What the pack builds on: its includes in their order, then its imports by name. */
  #bases(folder: string, tables: PackTables): readonly PackContents[] {
    const file = posix.join(folder, "pack.toml");
    const included = (tables.pack.includes ?? []).map((reference, index) =>
      this.load({ reference, origin: { file, path: ["pack", "includes", index] } }, folder),
    );
    const imported = sortedEntries(tables.imports ?? {}).map(([binding, table]) => {
      const contents = this.loadImport(table, folder);
      return (
        contents &&
        bindImport(contents, binding, { override: table.export === true, transitive: table.transitive !== false })
      );
    });
    return [...included, ...imported].filter((contents) => contents !== undefined);
  }
}

/** Of several packs below the first one's providers count; the pack's own win over all. */
function mergeProviders(bases: readonly PackContents[], tables: PackTables): ReadonlyMap<string, ProviderTable> {
  const inherited = bases.toReversed().flatMap(({ providers }) => Array.from(providers));
  return new Map([...inherited, ...Object.entries(tables.providers ?? {})]);
}

function packGlobals(tables: PackTables, folder: string): readonly PackGlobal[] {
  const commands = tables.global?.session_live ?? [];
  if (commands.length === 0) return [];
  const session_live = commands.map((command) => command.replaceAll("{{.ConfigDir}}", () => folder));
  const origin = { file: posix.join(folder, "pack.toml"), path: ["global", "session_live"] };
  return [{ pack: tables.pack.name, session_live, origin }];
}
