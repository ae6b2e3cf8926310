import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type KnownOfNewCity, type NewCityPerson, askNewCity } from "../city/new-city/ask-new-city.ts";
import {
  type CityTemplate,
  cityTemplates,
  newCityFiles,
  newCityProblem,
  newCityProviders,
} from "../city/new-city/new-city.ts";
import { ProblemError } from "../lib/problem.ts";
import { programOnPath } from "../runtime/program-on-path.ts";
import { parseArguments, unusable } from "./arguments.ts";
import type { ProcessIo } from "./process-io.ts";
import { TerminalPerson } from "./terminal-person.ts";

const templateUsage = Object.entries(cityTemplates).map(([name, meaning]) => `${name.padEnd(8)} ${meaning}`);

const usage = `Usage: gascity init [OPTIONS] [CITY]

Makes a new city in the folder CITY, by default this one. Asks what no option says; files that are there stay.

  --name NAME           what the city is called, by default as its folder
  --template TEMPLATE   ${templateUsage.join(`\n${" ".repeat(24)}`)}
  --rig PATH            the repository for the template rig
  --provider PROVIDER   what its agents run: ${newCityProviders.slice(0, 5).join(", ")},
                        ${newCityProviders.slice(5).join(", ")}
  --on tmux|k8s         where: on this machine, or on Kubernetes
  --image IMAGE         for k8s: an image with sh, tmux and what the agents run
  --namespace NAMESPACE for k8s: gc by default
  --yes                 asks nothing; what no option says is as usual
`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const options = {
  name: text,
  template: text,
  rig: text,
  provider: text,
  on: text,
  image: text,
  namespace: text,
  yes: flag,
  help: flag,
} as const;

/** The verb `init`; its exit code is 1 when the person wants no city after all. */
export const initVerb = { usage, run: init };

async function init(args: readonly string[], { env, stdin, stdout }: ProcessIo): Promise<number> {
  const { values, positionals } = parseArguments("init", args, options);
  if (values.help) {
    stdout.write(usage);
    return 0;
  }
  const [folder = ".", ...rest] = positionals;
  if (rest.length > 0) throw unusable("init", "gascity init makes one city at a time");
  const root = resolve(folder);
  if (existsSync(join(root, "city.toml"))) throw cityIsThere(root);
  const known = knownFrom(values);
  const person = values.yes || !stdin.isTTY ? usualPerson : new TerminalPerson(stdin, stdout);
  try {
    const city = await askNewCity(known, root, person, programOnPath(env));
    if (!city) {
      stdout.write("\nNo city was made.\n");
      return 1;
    }
    const problem = newCityProblem(city);
    if (problem !== undefined) throw unusable("init", problem);
    await write(root, newCityFiles(city));
    stdout.write(
      `Made the city ${city.name}. Look at ${join(folder, "city.toml")}, then open the folder to start it.\n`,
    );
    return 0;
  } finally {
    if (person instanceof TerminalPerson) person.dispose();
  }
}

/** Takes every first choice and every usual answer. */
const usualPerson: NewCityPerson = {
  choose: async (_title, [first]) => first?.value,
  ask: async (_title, _prompt, { value }) => value,
};

/** Writes city.toml first: if another was quicker, nothing else is written. */
async function write(root: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    try {
      await writeFile(file, text, { flag: "wx" });
    } catch (error) {
      const exists = error instanceof Error && "code" in error && error.code === "EEXIST";
      if (!exists) throw error;
      if (path === "city.toml") throw cityIsThere(root);
    }
  }
}

function knownFrom({
  template,
  on,
  ...rest
}: ReturnType<typeof parseArguments<typeof options>>["values"]): KnownOfNewCity {
  if (template !== undefined && !Object.hasOwn(cityTemplates, template)) {
    throw unusable("init", `There is no template "${template}": use ${Object.keys(cityTemplates).join(", ")}`);
  }
  if (on !== undefined && on !== "tmux" && on !== "k8s")
    throw unusable("init", `Agents cannot run on "${on}": use tmux or k8s`);
  return { ...rest, template: template as CityTemplate | undefined, on };
}

function cityIsThere(root: string): ProblemError {
  return new ProblemError({
    code: "unsupported",
    reason: `${root} has a city.toml already`,
    action: "Change that one, or choose another folder",
  });
}
