import type { KubernetesSettings } from "./kubernetes-settings.ts";
import type { Problem } from "../lib/problem.ts";
import type { FormulaFolder, SessionConfig } from "./session-config.ts";

/** What runs the sessions of a city. `socket` is the name for `tmux -L`; `script` a path or the name of a program. */
export type ProviderChoice =
  | { readonly kind: "k8s"; readonly settings: KubernetesSettings }
  | { readonly kind: "tmux"; readonly socket: string }
  | { readonly kind: "exec"; readonly script: string };

/** A session that city.toml makes possible. */
export interface CitySession {
  readonly name: string;
  /** The agent's qualified name, with its slot in a pool, or a named session's identity. */
  readonly agent: string;
  /** Whether it shall always run. */
  readonly wanted: boolean;
  /** Why it is not wanted, for a person; empty when it is, or when it simply waits to be started by hand. */
  readonly reason: string;
  readonly config: SessionConfig;
  /** Why it cannot be started, while all others can. */
  readonly problem?: Problem;
}

/** What the user wrote, resolved. Immutable. */
export interface City {
  readonly name: string;
  /** Absolute path of the folder of city.toml. */
  readonly root: string;
  readonly suspended: boolean;
  readonly provider: ProviderChoice;
  /** In the order of city.toml. */
  readonly sessions: readonly CitySession[];
  /** Those of the city, then those of its rigs. */
  readonly formulas: readonly FormulaFolder[];
  /** Grace between interrupt and stop when the city stops, in milliseconds. */
  readonly shutdownTimeout: number;
}
