import { imagePattern, imageRule, namespacePattern, namespaceRule } from "../schema/kubernetes-values.ts";
import type { CityTexts } from "./city-files.ts";
import { type EditOutcome, editCity } from "./edit-city.ts";
import { RefusedEdit } from "./edit-refusal.ts";
import { setValue } from "./toml/set-value.ts";

/** What [session.k8s] says of where pods run; what is undefined stays as it is. */
export interface KubernetesPlace {
  readonly image?: string | undefined;
  readonly namespace?: string | undefined;
  /** "" for the kubeconfig's current one. */
  readonly context?: string | undefined;
}

/** Sets image, namespace and context in [session.k8s] of city.toml. */
export function setKubernetesPlace(texts: CityTexts, { image, namespace, context }: KubernetesPlace): EditOutcome {
  return editCity(texts, (city) => {
    if (image !== undefined && !imagePattern.test(image)) {
      throw new RefusedEdit("invalid", `"${image}" cannot be an image`, `It ${imageRule}`);
    }
    if (namespace !== undefined && !namespacePattern.test(namespace)) {
      throw new RefusedEdit("invalid", `"${namespace}" cannot be a namespace`, `It ${namespaceRule}`);
    }
    for (const [key, value] of Object.entries({ image, namespace, context })) {
      if (value !== undefined) setValue(city.draft("city.toml"), ["session", "k8s", key], value);
    }
  });
}
