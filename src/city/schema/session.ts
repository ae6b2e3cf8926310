import * as z from "zod";
import { key } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import {
  imagePattern,
  imageRule,
  namespacePattern,
  namespaceRule,
  quantityPattern,
  quantityRule,
} from "./kubernetes-values.ts";

const quantity = (description: string, standard: string) =>
  key.pattern(quantityPattern, quantityRule, { description, default: standard });

/** [session.k8s]: gc parses it and reads only the environment; here it counts, below GC_K8S_* (gascity-spec §1.6). */
const k8sTable = z.strictObject({
  namespace: key.pattern(namespacePattern, namespaceRule, {
    description: "The namespace of the agents' pods: one city each. `GC_K8S_NAMESPACE` wins.",
    default: "gc",
  }),
  image: key.pattern(
    imagePattern,
    imageRule,
    "The image of the agents' pods; it needs `sh` and `tmux`. `GC_K8S_IMAGE` wins.",
  ),
  context: key.text({
    description: "The kubeconfig's context. `GC_K8S_CONTEXT` wins.",
    default: "the current one",
  }),
  cpu_request: quantity("The cores that each pod is promised. `GC_K8S_CPU_REQUEST` wins.", "500m"),
  mem_request: quantity("The memory that each pod is promised. `GC_K8S_MEM_REQUEST` wins.", "1Gi"),
  cpu_limit: quantity("The most cores that a pod may use. `GC_K8S_CPU_LIMIT` wins.", "2"),
  mem_limit: quantity("The most memory that a pod may use. `GC_K8S_MEM_LIMIT` wins.", "4Gi"),
  prebaked: key.flag({
    description: "The image already holds the city's files: nothing is copied into pods. `GC_K8S_PREBAKED` wins.",
    default: "false",
  }),
});

/** [session.acp]. */
const acpTable = z.strictObject({
  handshake_timeout: key.duration({
    description: "How long an agent may take to answer the protocol's first message.",
    default: "30s",
    without: "effect on Kubernetes",
  }),
  nudge_busy_timeout: key.duration({
    description: "How long a nudge waits for an agent that is busy.",
    default: "60s",
    without: "effect on Kubernetes",
  }),
  output_buffer_lines: key.number({
    description: "How many lines of an agent's output are kept to be peeked at.",
    default: "1000",
    without: "effect on Kubernetes",
  }),
});

/** [session] (gascity-spec §1.7). */
export const sessionTable = z.strictObject({
  provider: key.text({
    description:
      'Where agents run: `"tmux"` on this machine, `"k8s"` as pods of a Kubernetes cluster, `"exec:SCRIPT"` by a program of your own. `GC_SESSION` wins.',
    default: "tmux",
  }),
  k8s: key.table(k8sTable, "Where and how the agents' pods are made."),
  acp: key.table(acpTable, "How agents that speak the Agent Client Protocol are driven."),
  setup_timeout: key.duration({
    description:
      "How long one command of `session_setup` or `session_live` may take, and one of `pre_start` on this machine.",
    default: "10s",
  }),
  nudge_ready_timeout: key.duration({
    description: "How long a nudge waits for an agent to be ready for it.",
    default: "10s",
    without: "effect on Kubernetes",
  }),
  nudge_retry_interval: key.duration({
    description: "The pause between two tries of a nudge.",
    default: "500ms",
    without: "effect on Kubernetes",
  }),
  nudge_lock_timeout: key.duration({
    description: "How long a nudge waits for another one to the same agent.",
    default: "30s",
    without: "effect on Kubernetes",
  }),
  debounce_ms: key.number({
    description: "Milliseconds between typed text and its Enter.",
    default: "500",
    without: "effect on Kubernetes",
  }),
  display_ms: key.number({
    description: "Milliseconds that tmux shows its own messages.",
    default: "5000",
    without: "effect on Kubernetes",
  }),
  startup_timeout: key.duration({
    description:
      "How long an agent may take to come up, its `pre_start` included. In a pod the time counts once the image is pulled and the files are there.",
    default: "60s",
  }),
  socket: key.pattern(/^[^/]*$/u, "must not hold a /", {
    description: "The name of the tmux server, as for `tmux -L`.",
    default: "the city's name",
  }),
  remote_match: key.text(
    'With `provider = "hybrid"`: sessions with this in their name run on Kubernetes. `GC_HYBRID_REMOTE_MATCH` wins.',
  ),
});
export type SessionTable = Immutable<z.infer<typeof sessionTable>>;
