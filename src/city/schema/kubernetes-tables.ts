import * as z from "zod";
import { key } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { imagePattern, imageRule, quantityPattern, quantityRule } from "./kubernetes-values.ts";

const quantity = (description: string) => key.pattern(quantityPattern, quantityRule, description);

const toleration = z.strictObject({
  key: key.text("The taint's key; without one, every taint."),
  operator: key.oneOf(["Exists", "Equal"], { description: "How the taint's value is compared.", default: "Equal" }),
  value: key.text("The taint's value."),
  effect: key.oneOf(["NoSchedule", "PreferNoSchedule", "NoExecute"], {
    description: "The taint's effect.",
    default: "every effect",
  }),
  seconds: key.number("For NoExecute: how long the pod may stay."),
});

/** What may be said of all pods and of the pods of one agent. */
const podKeys = {
  image_pull_policy: key.oneOf(["Always", "IfNotPresent", "Never"], {
    description: "When a node pulls the image.",
    default: "Always",
  }),
  image_pull_secrets: key.texts("Names of Secrets with the passwords of registries."),
  node_selector: key.textMap("Labels that a node must have."),
  tolerations: key.tables(toleration, "Taints of nodes that do not keep the pods away."),
  storage: quantity(
    "The size of the volume that each session keeps its /workspace on, so that work survives the pod. It is made once and stays.",
  ),
  storage_class: key.text({
    description: "The StorageClass of the volumes.",
    default: "the cluster's default class",
  }),
  worktree: key.flag({
    description:
      "Whether each session works in a git worktree of its rig's or work dir's repository, on a branch `gc/SESSION` of its own.",
    default: "false",
  }),
  pod_security: key.oneOf(["restricted", "baseline"], {
    description:
      "The Pod Security Standard that the pods meet: with `baseline` an agent may become root in its pod, with sudo for example.",
    default: "restricted",
  }),
  run_as_user: key.number("The number of the user that the pods' programs run as; the image's own without it."),
};

const agentPods = z.strictObject({
  image: key.pattern(imagePattern, imageRule, "Another image than the city's."),
  cpu_request: quantity("Other cores that a pod is promised."),
  mem_request: quantity("Other memory that a pod is promised."),
  cpu_limit: quantity("Another limit of cores."),
  mem_limit: quantity("Another limit of memory."),
  ...podKeys,
});

/**
 * kubernetes.toml beside city.toml: what gc has no keys for. A file of its own, because strict gc refuses a city.toml with
 * keys that it does not know, and reads no other file of this name.
 */
export const kubernetesTables = z.strictObject({
  ...podKeys,
  service_account: key.text({
    description: "The service account of the pods. `GC_K8S_SERVICE_ACCOUNT` wins.",
    default: "the namespace's own",
  }),
  dolt_host: key.text("The Dolt server as pods reach it. `GC_K8S_DOLT_HOST` wins."),
  dolt_port: key.number("Its port. `GC_K8S_DOLT_PORT` wins."),
  agents: key.tableMap(agentPods, "What is different for the pods of one agent, by its qualified name."),
});
export type KubernetesTables = Immutable<z.infer<typeof kubernetesTables>>;
export type AgentPodTable = Immutable<z.infer<typeof agentPods>>;
