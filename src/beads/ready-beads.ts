import { type Bead, type Dependency, isClosed } from "./bead.ts";

/** What is no work, or work for the controller alone (gascity-spec §5.2). */
const neverReady = new Set(["merge-request", "gate", "molecule", "message", "session", "agent", "role", "rig"]);
const blocking = new Set(["blocks", "waits-for", "conditional-blocks"]);

/** The open beads that an agent could take up: those that wait for no other one. One that nobody knows is waited for. */
export function readyBeads(beads: ReadonlyMap<string, Bead>, dependencies: readonly Dependency[]): readonly Bead[] {
  const waiting = new Set<string>();
  for (const { issueId, dependsOnId, type } of dependencies) {
    const other = beads.get(dependsOnId);
    if (blocking.has(type) && !(other && isClosed(other))) waiting.add(issueId);
  }
  return [...beads.values()].filter(
    ({ id, status, type }) => status === "open" && !neverReady.has(type) && !waiting.has(id),
  );
}

/** The dependency that one of a new bead's `needs` stands for: `id`, which blocks it, or `type:id`. */
export function neededDependency(issueId: string, need: string): Dependency {
  const [, type, id] = /^([^:]+):(.+)$/su.exec(need) ?? [];
  return { issueId, dependsOnId: id ?? need, type: type ?? "blocks" };
}
