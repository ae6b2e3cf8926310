import type { ComposedCity } from "../compose/compose-city.ts";
import type { Finding } from "../compose/finding.ts";
import { kubernetesSettings } from "../kubernetes-settings.ts";
import { parseQuantity } from "../quantity.ts";

/** What pods are promised and what they may use at most, as written; "" where nothing is. */
interface Sizes {
  readonly cpu_request?: string | undefined;
  readonly cpu_limit?: string | undefined;
  readonly mem_request?: string | undefined;
  readonly mem_limit?: string | undefined;
}

const pairs = [
  ["cpu_request", "cpu_limit"],
  ["mem_request", "mem_limit"],
] as const;

/**
 * Finds pods that would be promised more than they may use, which Kubernetes refuses: those of all agents, and of single
 * ones by kubernetes.toml. An error where the city runs on Kubernetes.
 */
export function checkPodSizes(
  { config, kubernetes, provenance, root }: ComposedCity,
  env: Readonly<Record<string, string | undefined>>,
  onKubernetes: boolean,
): readonly Finding[] {
  const table = config.session?.k8s;
  const settings = kubernetesSettings(table, env, kubernetes);
  const all: Sizes = {
    cpu_request: settings.cpuRequest,
    cpu_limit: settings.cpuLimit,
    mem_request: settings.memoryRequest,
    mem_limit: settings.memoryLimit,
  };
  const check = (written: Sizes, effective: Sizes, who: string, place: Finding["origin"]): readonly Finding[] =>
    pairs.flatMap(([request, limit]) => {
      const promised = effective[request] ?? "";
      const most = effective[limit] ?? "";
      const key = written[request] ? request : limit;
      if (!written[key] || (parseQuantity(promised) ?? 0) <= (parseQuantity(most) ?? Infinity)) return [];
      const { file, path } = provenance.ofKey(written, key) ?? place;
      return {
        severity: onKubernetes ? "error" : "warning",
        code: "capacity",
        origin: { file, path },
        message: `${who} would be promised ${request} = "${promised}", which is above ${limit} = "${most}"`,
      } as const;
    });
  const places = (file: string, ...path: string[]): Finding["origin"] => ({ file: `${root}/${file}`, path });
  return [
    ...(table ? check(table, all, "Pods", places("city.toml", "session", "k8s")) : []),
    ...Object.entries(kubernetes?.agents ?? {}).flatMap(([agent, own]) =>
      check(own, { ...all, ...own }, `The pods of "${agent}"`, places("kubernetes.toml", "agents", agent)),
    ),
  ];
}
