/** Whether what a pack scopes so is wanted where the pack is expanded; without a scope it is wanted in both. */
export function isInScope(scope: string | undefined, place: "city" | "rig"): boolean {
  return (scope !== "city" && scope !== "rig") || scope === place;
}
