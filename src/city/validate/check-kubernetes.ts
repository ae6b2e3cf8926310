import { agentName } from "../compose/composed-city.ts";
import type { ComposedCity } from "../compose/compose-city.ts";
import type { Finding } from "../compose/finding.ts";
import { didYouMean } from "../nearest-name.ts";

/** Warns of pods in kubernetes.toml that are of no agent. */
export function checkKubernetes({ agents, kubernetes, provenance, root }: ComposedCity): readonly Finding[] {
  const names = agents.map(agentName);
  return Object.entries(kubernetes?.agents ?? {})
    .filter(([name]) => !names.includes(name))
    .map(([name, table]) => ({
      severity: "warning",
      code: "reference",
      origin: provenance.of(table) ?? { file: `${root}/kubernetes.toml`, path: ["agents", name] },
      at: "key",
      message: `There is no agent "${name}"${didYouMean(name, names)}`,
    }));
}
