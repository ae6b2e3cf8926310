import { setKubernetesPlace } from "../../../city/edit/kubernetes-place.ts";
import { imagePattern, imageRule } from "../../../city/schema/kubernetes-values.ts";
import { kubernetesSettings } from "../../../city/kubernetes-settings.ts";
import type { ConfigurationCommand } from "../command.ts";
import { askCluster } from "./ask-cluster.ts";

/** Chooses the image of the agents' pods: one that pods of the namespace have, or any other. */
export const chooseImage: ConfigurationCommand = {
  kind: "configuration",
  id: "gascity.chooseImage",
  title: "Choose Image for Pods…",
  async run(city, context) {
    const written = city.config.session?.k8s;
    const { context: cluster, namespace } = kubernetesSettings(written, {});
    const chosen = await askCluster(
      {
        title: this.title,
        current: written?.image ?? "",
        prompt: "An image with sh, tmux and what the agents run",
        problem: (image) => (imagePattern.test(image) ? undefined : `It ${imageRule}`),
        choices: (signal) => context.cluster.images(cluster, namespace, signal),
      },
      context,
    );
    if (chosen === undefined) return;
    await context.configuration.change((texts) => setKubernetesPlace(texts, { image: chosen }), { shows: true });
  },
};
