import type { Finding } from "./finding.ts";
import type { Origin } from "./origin.ts";
import type { PackClone } from "./pack-clone.ts";
import type { Provenance } from "./provenance.ts";
import type { Sources } from "./sources.ts";

/** What the steps of one composition share. */
export interface Composition {
  /** Absolute path of the city's folder. */
  readonly root: string;
  /** The controller's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sources: Sources;
  readonly provenance: Provenance;
  /** What the steps have to say so far. */
  readonly findings: Finding[];
  /** Of the packs that [packs] names, by their folder. */
  readonly namedClones: Map<string, PackClone>;
}

/** Where `table` was written; the city's own file for one that nobody wrote. */
export function originOf({ provenance, root }: Composition, table: object): Origin {
  return provenance.of(table) ?? { file: `${root}/city.toml`, path: [] };
}

/** Where the value of `key` in `table` was written. */
export function keyOriginOf({ provenance, root }: Composition, table: object, key: string | number): Origin {
  return provenance.ofKey(table, key) ?? { file: `${root}/city.toml`, path: [] };
}
