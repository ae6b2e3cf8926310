import type { AgentState } from "../../runtime/city-state.ts";

/**
 * What a tree that shows `before` has to redraw to show `after`: `all` when rows came, went or moved, otherwise the
 * sessions whose rows changed. Unchanged rows keep their identity, so that this never looks into one.
 */
export function rowChanges(before: readonly AgentState[], after: readonly AgentState[]): "all" | readonly string[] {
  const moved =
    before.length !== after.length || after.some(({ session }, index) => session !== before[index]?.session);
  if (moved) return "all";
  return after.filter((agent, index) => agent !== before[index]).map(({ session }) => session);
}
