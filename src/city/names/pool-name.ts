import { type NameParts, qualifiedName, sessionFragment, splitQualifiedName } from "./qualified-name.ts";

/** What the session in slot `slot` (from 1) of a pool is called: its line of the name pool, else `name-slot`. */
export function poolInstance(name: string, slot: number, namepool: readonly string[]): string {
  return namepool[slot - 1] ?? `${name}-${slot}`;
}

/** The qualified name of a pool's session (gascity-spec §2.1): its alias. */
export function poolAlias(agent: NameParts, slot: number, namepool: readonly string[]): string {
  return qualifiedName({ ...agent, name: poolInstance(agent.name, slot, namepool) });
}

/** A pool session's name where sessions have beads: `template` is the agent's qualified name (gascity-spec §2.1). */
export function poolSessionName(template: string, bead: string): string {
  return `${sessionFragment(splitQualifiedName(template).name)}-${bead}`;
}
