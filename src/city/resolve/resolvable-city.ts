import type { KubernetesTables } from "../schema/kubernetes-tables.ts";
import type { PackFolders } from "../compose/city-draft.ts";
import type { ComposedAgent, ComposedNamedSession } from "../compose/composed-city.ts";
import type { CityTables } from "../schema/city-tables.ts";

/** What of a composed city is needed to say how its agents run. */
export interface ResolvableCity {
  /** Absolute path of its folder. */
  readonly root: string;
  readonly config: CityTables;
  /** The agents of `config`, in its order. */
  readonly agents: readonly ComposedAgent[];
  /** The named sessions of `config`, in its order. */
  readonly namedSessions: readonly ComposedNamedSession[];
  readonly cityFolders: PackFolders;
  readonly rigFolders: ReadonlyMap<string, PackFolders>;
  /** kubernetes.toml, if there is one. */
  readonly kubernetes?: KubernetesTables;
}
