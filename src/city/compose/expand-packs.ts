import { bindImport } from "./bind-import.ts";
import type { PackReference } from "./city-draft.ts";
import type { ComposedAgent, ComposedNamedSession } from "./composed-city.ts";
import type { Composition } from "./composition.ts";
import { withoutFallbacks } from "./fallbacks.ts";
import { type PackContents, PackLoader } from "./load-pack.ts";
import type { Provenance } from "./provenance.ts";
import { bindDependencies } from "./qualify-dependencies.ts";
import { isInScope } from "./scope.ts";
import { byBytes } from "../../lib/by-bytes.ts";
import type { ImportTable } from "../schema/imports.ts";

/** What is expanded in the city, or in one rig. */
export interface PackUse {
  /** The name of the rig; empty for the city. */
  readonly rig: string;
  readonly includes: readonly PackReference[];
  readonly imports: Iterable<readonly [binding: string, ImportTable]>;
}

/** The packs of the city or of a rig, expanded. */
export interface ExpandedPacks {
  /** Each include and import, in the order of their expansion. */
  readonly contents: readonly PackContents[];
  /** Of all of them, what is in scope. */
  readonly agents: readonly ComposedAgent[];
  readonly namedSessions: readonly ComposedNamedSession[];
}

/** Expands includes in their order, then imports by name (gascity-spec §1.2, steps 6 and 8). */
export function expandPacks({ rig, includes, imports }: PackUse, composition: Composition): ExpandedPacks {
  const { root, provenance } = composition;
  const loader = new PackLoader(composition, rig);
  const included = includes.map((reference) =>
    rig === "" ? loader.loadIfThere(reference, root) : loader.load(reference, root),
  );
  const imported = [...imports]
    .sort(([a], [b]) => byBytes(a, b))
    .map(([binding, table]) => {
      const loaded = loader.loadImport(table, root);
      // gc looks at `transitive` in the city's own imports, but not in a rig's.
      const transitive = table.transitive !== false || rig !== "";
      return loaded && bindRoot(loaded, binding, transitive, provenance);
    });
  const contents = [...included, ...imported].filter((pack) => pack !== undefined);
  const place = rig === "" ? "city" : "rig";
  const agents = contents.flatMap((pack) => pack.agents).filter(({ table }) => isInScope(table.scope, place));
  return {
    contents,
    agents: withoutFallbacks(agents),
    namedSessions: contents.flatMap((pack) => pack.namedSessions).filter(({ table }) => isInScope(table.scope, place)),
  };
}

/** Of nested bindings the outermost one is what people see. */
function bindRoot(loaded: PackContents, binding: string, transitive: boolean, provenance: Provenance): PackContents {
  const contents = bindImport(loaded, binding, { override: true, transitive });
  return { ...contents, agents: contents.agents.map((agent) => bindDependencies(agent, provenance)) };
}
