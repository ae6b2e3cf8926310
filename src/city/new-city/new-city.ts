import { builtinProviders } from "../names/builtin-providers.ts";
import { imagePattern, imageRule, namespacePattern, namespaceRule } from "../schema/kubernetes-values.ts";
import { agentNamePattern, agentNameRule } from "../schema/names.ts";
import { cityTomlText } from "./city-toml-text.ts";
import { promptText } from "./prompt-text.ts";

/** What a new city begins with, in words for a choice. */
export const cityTemplates = {
  minimal: "One agent that is always there",
  crew: "A mayor that is always there, and a pool of workers",
  rig: "A mayor, and coders that work in a repository",
} as const;
export type CityTemplate = keyof typeof cityTemplates;

/** For agents that are plain shells: nothing has to be installed or paid for. */
export const shellProvider = "shell";

/** What agents of a new city can run. */
export const newCityProviders: readonly string[] = [...builtinProviders, shellProvider];

/** The namespace that gc uses when none is set (gascity-spec §1.7). */
export const defaultNamespace = "gc";

/** Where the agents of a new city run. */
export type NewCityPlace =
  { readonly kind: "tmux" } | { readonly kind: "k8s"; readonly image: string; readonly namespace: string };

/** What a person says of a new city. */
export interface NewCity {
  readonly name: string;
  /** One of `newCityProviders`. */
  readonly provider: string;
  readonly place: NewCityPlace;
  readonly template: CityTemplate;
  /** For the template `rig`. The path is absolute or from the city's folder. */
  readonly rig?: { readonly name: string; readonly path: string } | undefined;
}

/** Why a city cannot be made so, one sentence; undefined when it can. */
export function newCityProblem({ name, provider, place, template, rig }: NewCity): string | undefined {
  if (!newCityProviders.includes(provider)) {
    return `There is no provider "${provider}": use ${newCityProviders.join(", ")}`;
  }
  const ofPlace = place.kind === "k8s" ? (imageProblem(place.image) ?? namespaceProblem(place.namespace)) : undefined;
  if (template !== "rig") return nameProblem(name) ?? ofPlace;
  const ofRig = agentNamePattern.test(rig?.name ?? "") ? undefined : `The name of a rig ${agentNameRule}`;
  return nameProblem(name) ?? ofPlace ?? pathProblem(rig?.path ?? "") ?? ofRig;
}

/** Why this cannot be a city's name. */
export function nameProblem(name: string): string | undefined {
  return name.trim() === "" ? "A city needs a name" : undefined;
}

/** Why this cannot be the image of agents' pods. */
export function imageProblem(image: string): string | undefined {
  if (image === "") return "Agents on Kubernetes need an image";
  return imagePattern.test(image) ? undefined : `The image "${image}" ${imageRule}`;
}

/** Why this cannot be the namespace of agents' pods. */
export function namespaceProblem(namespace: string): string | undefined {
  return namespacePattern.test(namespace) ? undefined : `The namespace "${namespace}" ${namespaceRule}`;
}

/** Why this cannot be the path of a rig. */
export function pathProblem(path: string): string | undefined {
  return path.trim() === "" ? "A rig needs the path of a repository" : undefined;
}

/** The files of a new city by their paths from its folder. It loads in strict gc; `newCityProblem` finds nothing in it. */
export function newCityFiles(city: NewCity): ReadonlyMap<string, string> {
  const roles = { minimal: ["mayor"], crew: ["mayor", "worker"], rig: ["mayor", "coder"] } as const;
  return new Map([
    ["city.toml", cityTomlText(city)],
    // A shell would take it for commands.
    ...(city.provider === shellProvider ? [] : roles[city.template]).map(
      (role) => [`prompts/${role}.md`, promptText(role, city)] as const,
    ),
    [".gitignore", "# What Gas City keeps here while it runs\n.gc/\n.beads/\n"],
  ]);
}
