import { setKubernetesPlace } from "../../../city/edit/kubernetes-place.ts";
import type { ConfigurationCommand } from "../command.ts";
import { askCluster } from "./ask-cluster.ts";

/** Chooses the cluster by a context of the kubeconfig. */
export const chooseContext: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.chooseContext",
  title: "Choose Kubernetes Context…",
  async run(city, context) {
    const chosen = await askCluster(
      {
        title: this.title,
        current: city.config.session?.k8s?.context ?? "",
        prompt: "A context of your kubeconfig",
        problem: (name) => (name.trim() === "" ? "A context has a name" : undefined),
        choices: () => context.cluster.contexts(),
      },
      context,
    );
    if (chosen === undefined) return;
    await context.configuration.change((texts) => setKubernetesPlace(texts, { context: chosen }), { shows: true });
  },
};
