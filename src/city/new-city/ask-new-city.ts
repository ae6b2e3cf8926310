import { posix } from "node:path";
import { builtinProviderTables } from "../resolve/builtin-provider-tables.ts";
import {
  type CityTemplate,
  type NewCity,
  type NewCityPlace,
  cityTemplates,
  defaultNamespace,
  imageProblem,
  nameProblem,
  namespaceProblem,
  newCityProviders,
  pathProblem,
  shellProvider,
} from "./new-city.ts";

/** One of the answers to a question. */
export interface AnswerChoice<T> {
  readonly label: string;
  readonly description?: string;
  readonly value: T;
}

/** Who answers the questions. Undefined when the person wants no city after all. */
export interface NewCityPerson {
  /** The first choice is the usual one. */
  choose<T>(title: string, choices: readonly AnswerChoice<T>[]): Promise<T | undefined>;
  /** `value` is the usual answer; `problem` says why an answer is none. */
  ask(
    title: string,
    prompt: string,
    options: { readonly value: string; readonly problem: (answer: string) => string | undefined },
  ): Promise<string | undefined>;
}

/** What is known before any question. */
export interface KnownOfNewCity {
  readonly name?: string | undefined;
  readonly provider?: string | undefined;
  readonly template?: CityTemplate | undefined;
  readonly on?: NewCityPlace["kind"] | undefined;
  readonly image?: string | undefined;
  readonly namespace?: string | undefined;
  /** The path of the repository, for the template `rig`. */
  readonly rig?: string | undefined;
}

/**
 * Asks a person what is not known yet of a new city, and only what matters. `folder` is the city's folder by its path;
 * `hasProgram` tells what is installed, which is offered first.
 */
export async function askNewCity(
  known: KnownOfNewCity,
  folder: string,
  person: NewCityPerson,
  hasProgram: (name: string) => boolean,
): Promise<NewCity | undefined> {
  const name =
    known.name ?? (await person.ask("Name", "What the city is called", usual(posix.basename(folder), nameProblem)));
  if (name === undefined) return undefined;
  const template = known.template ?? (await person.choose("What the city begins with", templateChoices()));
  if (template === undefined) return undefined;
  const provider = known.provider ?? (await person.choose("What its agents run", providerChoices(hasProgram)));
  if (provider === undefined) return undefined;
  const place = await askPlace(known, person);
  if (place === undefined) return undefined;
  if (template !== "rig") return { name, template, provider, place };
  const prompt = "The path of the repository, absolute or from the city's folder";
  const path = known.rig ?? (await person.ask("Repository", prompt, usual("", pathProblem)));
  return path === undefined ? undefined : { name, template, provider, place, rig: { name: rigName(path), path } };
}

async function askPlace(known: KnownOfNewCity, person: NewCityPerson): Promise<NewCityPlace | undefined> {
  const kind =
    known.on ??
    (await person.choose<NewCityPlace["kind"]>("Where its agents run", [
      { label: "tmux", description: "on this machine", value: "tmux" },
      { label: "k8s", description: "as pods of a Kubernetes cluster", value: "k8s" },
    ]));
  if (kind !== "k8s") return kind && { kind };
  const prompt = "An image with sh, tmux and what the agents run";
  const image = known.image ?? (await person.ask("Image", prompt, usual("", imageProblem)));
  if (image === undefined) return undefined;
  const namespace =
    known.namespace ??
    (await person.ask("Namespace", "The namespace of the agents' pods", usual(defaultNamespace, namespaceProblem)));
  return namespace === undefined ? undefined : { kind, image, namespace };
}

function usual(value: string, problem: (answer: string) => string | undefined) {
  return { value, problem };
}

function templateChoices(): readonly AnswerChoice<CityTemplate>[] {
  return (Object.keys(cityTemplates) as CityTemplate[]).map((template) => {
    return { label: template, description: cityTemplates[template], value: template };
  });
}

/** What is installed comes first. */
function providerChoices(hasProgram: (name: string) => boolean): readonly AnswerChoice<string>[] {
  const choices = newCityProviders.map((name) => {
    const { command = "", display_name = "A plain shell, to try it out" } = builtinProviderTables.get(name) ?? {};
    const isInstalled = command !== "" && hasProgram(command);
    const missing = isInstalled || name === shellProvider ? "" : ", not found here";
    return { label: name, description: display_name + missing, value: name, isInstalled };
  });
  return choices.toSorted((a, b) => Number(b.isInstalled) - Number(a.isInstalled));
}

/** The repository's own name, as far as it can be a rig's. */
function rigName(path: string): string {
  const name = posix.basename(path.trim()).replaceAll(/[^a-zA-Z0-9_-]+/gu, "-");
  return name.replaceAll(/^[-_]+|-+$/gu, "") || "rig";
}
