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
    // A reference's full grammar is the registry's business; blanks are what slips in.
    if (image !== undefined && !/^[^\s\p{Cc}]+$/u.test(image)) {
      throw new RefusedEdit(
        "invalid",
        `"${image}" is no image`,
        'Give a name such as "registry.example.com/agent:1.0"',
      );
    }
    if (namespace !== undefined && !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/u.test(namespace)) {
      const action = "Use lower case letters, digits and -, at most 63, no - at either end";
      throw new RefusedEdit("invalid", `"${namespace}" cannot be a Kubernetes namespace`, action);
    }
    for (const [key, value] of Object.entries({ image, namespace, context })) {
      if (value !== undefined) setValue(city.draft("city.toml"), ["session", "k8s", key], value);
    }
  });
}
