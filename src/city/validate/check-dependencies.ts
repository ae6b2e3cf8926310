import { agentName } from "../compose/composed-city.ts";
import type { ComposedCity } from "../compose/compose-city.ts";
import { didYouMean } from "../nearest-name.ts";
import type { Report } from "./report.ts";

/** Refuses depends_on that names no agent, or that leads in a circle (gascity-spec §1.3). */
export function checkDependencies({ agents }: ComposedCity, report: Report): void {
  const names = agents.map(agentName);
  const known = new Set(names);
  const dependencies = new Map<string, readonly string[]>();
  for (const [index, { table }] of agents.entries()) {
    const name = names[index] ?? "";
    dependencies.set(name, table.depends_on ?? []);
    for (const [position, dependency] of (table.depends_on ?? []).entries()) {
      const path = ["agent", index, "depends_on", position];
      if (dependency === name) {
        report("error", "cycle", path, `Agent "${name}" depends on itself`);
      } else if (!known.has(dependency)) {
        const message = `Agent "${name}" depends on "${dependency}", which is no agent${didYouMean(dependency, known)}`;
        report("error", "reference", path, message);
      }
    }
  }
  for (const [name, dependency] of cycles(names, dependencies)) {
    const index = names.indexOf(name);
    const position = dependencies.get(name)?.indexOf(dependency) ?? 0;
    const message = `Agent "${name}" depends on "${dependency}", which depends on it in turn: none of them can start first`;
    report("error", "cycle", ["agent", index, "depends_on", position], message);
  }
}

/** The dependencies that close a circle, one for each circle that a walk through all agents comes upon. */
function cycles(
  names: readonly string[],
  dependencies: ReadonlyMap<string, readonly string[]>,
): readonly (readonly [name: string, dependency: string])[] {
  const found: [string, string][] = [];
  const done = new Set<string>();
  const open = new Set<string>();
  for (const start of names) {
    // A stack of its own: a chain may be longer than the language's stack is deep.
    const walk = done.has(start) ? [] : [{ name: start, next: 0 }];
    for (let step = walk.at(-1); step; step = walk.at(-1)) {
      open.add(step.name);
      const dependency = dependencies.get(step.name)?.[step.next++];
      if (dependency === undefined) {
        walk.pop();
        open.delete(step.name);
        done.add(step.name);
      } else if (open.has(dependency)) {
        if (dependency !== step.name) found.push([step.name, dependency]);
      } else if (!done.has(dependency)) {
        walk.push({ name: dependency, next: 0 });
      }
    }
  }
  return found;
}
