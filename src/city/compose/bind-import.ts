import type { ComposedAgent, ComposedNamedSession } from "./composed-city.ts";
import type { PackContents } from "./load-pack.ts";

/**
 * The contents of a pack as its importer sees them: agents and named sessions bear the binding's name, unless an inner
 * import has given them one and `override` is false. If not `transitive`, only the pack's own agents come along
 * (gascity-spec §1.7, [imports.<binding>]).
 */
export function bindImport(
  contents: PackContents,
  binding: string,
  { override, transitive }: { readonly override: boolean; readonly transitive: boolean },
): PackContents {
  const bound = (own: string): string => (own === "" || override ? binding : own);
  const agents = !transitive
    ? contents.agents.filter(({ sourceDir }) => sourceDir === contents.folder)
    : contents.agents;
  const bindAgent = (agent: ComposedAgent): ComposedAgent => ({
    ...agent,
    binding: bound(agent.binding),
    packName: agent.packName || contents.name,
  });
  const bindSession = (session: ComposedNamedSession): ComposedNamedSession => ({
    ...session,
    binding: bound(session.binding),
  });
  return { ...contents, agents: agents.map(bindAgent), namedSessions: contents.namedSessions.map(bindSession) };
}
