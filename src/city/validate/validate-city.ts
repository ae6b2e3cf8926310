import type { ComposedCity } from "../compose/compose-city.ts";
import type { Finding } from "../compose/finding.ts";
import { checkAgents } from "./check-agents.ts";
import { checkCapacity } from "./check-capacity.ts";
import { checkDependencies } from "./check-dependencies.ts";
import { checkKubernetes } from "./check-kubernetes.ts";
import { checkLifecycles } from "./check-lifecycles.ts";
import { checkNamedSessions } from "./check-named-sessions.ts";
import { checkPodSizes } from "./check-pod-sizes.ts";
import { checkProviders } from "./check-providers.ts";
import { checkReferences } from "./check-references.ts";
import { checkRigs } from "./check-rigs.ts";
import { checkServices } from "./check-services.ts";
import { checkWrittenKeys } from "./check-written-keys.ts";
import { collectFindings } from "./report.ts";

const checks = [
  checkAgents,
  checkDependencies,
  checkNamedSessions,
  checkRigs,
  checkServices,
  checkProviders,
  checkLifecycles,
  checkCapacity,
  checkReferences,
];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What is wrong with a composed city as a whole (gascity-spec §1.3), beyond what its composition has found. `env` is the
 * controller's: GC_SESSION says where agents run.
 */
export function validateCity(city: ComposedCity, env: Environment = {}): readonly Finding[] {
  const kubernetes = (env["GC_SESSION"] || city.config.session?.provider) === "k8s";
  const findings = collectFindings(city, (report) => {
    for (const check of checks) check(city, report);
  });
  return [
    ...findings,
    ...checkKubernetes(city),
    ...checkPodSizes(city, env, kubernetes),
    ...checkWrittenKeys(city, kubernetes),
  ];
}
