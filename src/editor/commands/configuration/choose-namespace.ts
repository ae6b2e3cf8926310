import { setKubernetesPlace } from "../../../city/edit/kubernetes-place.ts";
import { namespacePattern, namespaceRule } from "../../../city/schema/kubernetes-values.ts";
import type { ConfigurationCommand } from "../command.ts";
import { askCluster } from "./ask-cluster.ts";

/** Chooses the namespace of the agents' pods. */
export const chooseNamespace: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.chooseNamespace",
  title: "Choose Kubernetes Namespace…",
  async run(city, context) {
    const k8s = city.config.session?.k8s;
    const chosen = await askCluster(
      {
        title: this.title,
        current: k8s?.namespace ?? "",
        prompt: "The namespace of the agents' pods",
        problem: (name) => (namespacePattern.test(name) ? undefined : `It ${namespaceRule}`),
        choices: (signal) => context.cluster.namespaces(k8s?.context ?? "", signal),
      },
      context,
    );
    if (chosen === undefined) return;
    await context.configuration.change((texts) => setKubernetesPlace(texts, { namespace: chosen }), { shows: true });
  },
};
