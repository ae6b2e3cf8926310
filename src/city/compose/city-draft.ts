import type { ComposedAgent, ComposedNamedSession, ComposedService, PackGlobal } from "./composed-city.ts";
import type { Requirement } from "./load-pack.ts";
import type { Origin } from "./origin.ts";
import type { AgentPatch } from "../schema/agent-changes.ts";
import type { AgentDefaultsTable } from "../schema/agent-defaults.ts";
import type { CityTables } from "../schema/city-tables.ts";
import type { ImportTable, PackSourceTable } from "../schema/imports.ts";
import type { ProviderPatch, RigPatch } from "../schema/patches.ts";
import type { ProviderTable } from "../schema/provider.ts";
import type { RigTable } from "../schema/rig.ts";
import type { WorkspaceTable } from "../schema/workspace.ts";

/** A pack that something includes by its path or address. */
export interface PackReference {
  readonly reference: string;
  readonly origin: Origin;
}

/** What the packs of the city, or of one rig, bring besides tables. Folders are absolute paths, lowest priority first. */
export interface PackFolders {
  readonly packs: readonly string[];
  readonly formulas: readonly string[];
  readonly overlays: readonly string[];
  readonly scripts: readonly string[];
  readonly globals: readonly PackGlobal[];
}

/** A city halfway through its composition. The steps take one and give the next; none changes it. */
export interface CityDraft {
  /** The root tables that no other field holds. */
  readonly tables: CityTables;
  readonly workspace: WorkspaceTable;
  /** workspace.includes, each with its place. */
  readonly includes: readonly PackReference[];
  readonly agents: readonly ComposedAgent[];
  readonly namedSessions: readonly ComposedNamedSession[];
  readonly services: readonly ComposedService[];
  readonly rigs: readonly RigTable[];
  readonly providers: ReadonlyMap<string, ProviderTable>;
  readonly imports: ReadonlyMap<string, ImportTable>;
  readonly packs: ReadonlyMap<string, PackSourceTable>;
  readonly agentPatches: readonly AgentPatch[];
  readonly rigPatches: readonly RigPatch[];
  readonly providerPatches: readonly ProviderPatch[];
  readonly agentDefaults: AgentDefaultsTable;
  readonly cityFolders: PackFolders;
  readonly rigFolders: ReadonlyMap<string, PackFolders>;
  /** What packs of the city cannot do without. */
  readonly requirements: readonly Requirement[];
}

export const noFolders: PackFolders = { packs: [], formulas: [], overlays: [], scripts: [], globals: [] };
