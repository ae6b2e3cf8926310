import type { PodOptions, PodToleration } from "../pod-options.ts";
import type { AgentPodTable, KubernetesTables } from "../schema/kubernetes-tables.ts";

/**
 * What kubernetes.toml says of the pods of an agent, by its qualified name: its own table over the file's root, key by
 * key; lists and maps of the two are not mixed.
 */
export function podOptions(tables: KubernetesTables, agent: string): PodOptions {
  const { agents, service_account: _, dolt_host: __, dolt_port: ___, ...all } = tables;
  const own = agents && Object.hasOwn(agents, agent) ? agents[agent] : undefined;
  return optionsOf({ ...all, ...own });
}

function optionsOf(table: AgentPodTable): PodOptions {
  const options = {
    image: table.image,
    cpuRequest: table.cpu_request,
    memoryRequest: table.mem_request,
    cpuLimit: table.cpu_limit,
    memoryLimit: table.mem_limit,
    imagePullPolicy: table.image_pull_policy,
    imagePullSecrets: table.image_pull_secrets,
    nodeSelector: table.node_selector,
    storage: table.storage,
    storageClass: table.storage_class,
    worktree: table.worktree,
    security: table.pod_security,
    runAsUser: table.run_as_user,
    tolerations: table.tolerations?.map(({ seconds, ...rest }): PodToleration =>
      withoutUndefined({ ...rest, tolerationSeconds: seconds }),
    ),
  };
  return withoutUndefined(options);
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(table: T): Partial<Defined<T>> {
  return Object.fromEntries(Object.entries(table).filter(([, value]) => value !== undefined)) as Partial<Defined<T>>;
}
