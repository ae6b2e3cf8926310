import { posix } from "node:path";
import { executeTemplate, type TemplateScope } from "../../lib/go-template/execute-template.ts";
import { missingTemplates } from "../../lib/go-template/missing-templates.ts";
import { parseTemplate } from "../../lib/go-template/parse-template.ts";
import { TemplateError } from "../../lib/go-template/template-error.ts";
import type { Template, TemplateValue } from "../../lib/go-template/template-node.ts";
import type { CityFiles } from "../files/city-files.ts";
import { splitQualifiedName } from "../names/qualified-name.ts";

/** What a prompt is made of. */
export interface PromptSources {
  /** Absolute path of the file; empty for an agent without a prompt. */
  readonly file: string;
  /** Values by their names in a template (gascity-spec §2.3); of the agent's own variables, those with other names count too. */
  readonly values: () => Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Folders of packs whose fragments may be used; the later win, and the prompt's own `shared` folder over all. */
  readonly packFolders: readonly string[];
  /** Fragments to stand after the prompt, in their order. */
  readonly fragments: readonly string[];
  /** The session's name of an agent, by its qualified name. */
  readonly sessionOf: (qualified: string) => string;
}

export interface PromptProblem {
  /** Absolute path. */
  readonly file: string;
  readonly message: string;
}

type ReadFiles = Pick<CityFiles, "readText" | "listFolder">;

/** Reads the prompts of one city; each file is read once. */
export class PromptLibrary {
  readonly #files: ReadFiles;
  /** By the folders that they are from, and with those of a prompt by its file, too. */
  readonly #templates = new Map<string, Templates>();
  readonly #branches = new Map<string, string>();

  constructor(files: ReadFiles) {
    this.#files = files;
  }

  /** What is wrong with a prompt, as far as it can be told without filling it. */
  problems(sources: PromptSources): readonly PromptProblem[] {
    const { file, fragments } = sources;
    if (file === "") return [];
    const written = this.#files.readText(file);
    if (written === undefined) return [{ file, message: "there is no such prompt to read" }];
    if (!isTemplate(file)) return [];
    const { templates, problems } = this.#templatesOf(sources, written);
    const missing = fragments.filter((name) => !templates.has(name));
    return [...problems, ...missing.map((name) => ({ file, message: `there is no fragment ${JSON.stringify(name)}` }))];
  }

  /**
   * The text of a prompt (gascity-spec §2.3). Only a file named `*.template.md` or `*.md.tmpl` is a Go template and gets
   * fragments; one that cannot be filled is used as it is, a fragment that is not there is left out, both as in gc.
   */
  text(sources: PromptSources): string {
    const { file } = sources;
    const written = file === "" ? undefined : this.#files.readText(file);
    if (written === undefined || !isTemplate(file)) return written ?? "";
    const { templates } = this.#templatesOf(sources, written);
    const functions = promptFunctions(sources.sessionOf);
    const scope: TemplateScope = { data: { ...sources.env, ...sources.values() }, missing: "empty", functions };
    const fill = (name: string): string | undefined =>
      templates.has(name) ? attempt(file, [], () => executeTemplate(templates, name, scope)) : undefined;
    const body = fill(ownName);
    if (body === undefined) return written;
    return [body, ...sources.fragments.map(fill)].filter((part) => part !== undefined).join("\n\n");
  }

  /** The branch that a work dir's repository starts from: what its clone says, else "main". */
  defaultBranch(workDir: string): string {
    return cached(this.#branches, workDir, () => {
      const head = this.#files.readText(posix.join(workDir, ".git", "refs", "remotes", "origin", "HEAD")) ?? "";
      return /^ref: refs\/remotes\/origin\/(\S+)\s*$/u.exec(head)?.[1] ?? "main";
    });
  }

  /** The prompt's own template, unless it cannot be read, and all that it may use. */
  #templatesOf({ file, packFolders }: PromptSources, written: string): Templates {
    const own = posix.join(posix.dirname(file), "shared");
    const key = [...packFolders, own].join("\0");
    return cached(this.#templates, `${key}\0\0${file}`, () => {
      const shared = cached(this.#templates, key, () =>
        readFragments([...fragmentFolders(packFolders), own], this.#files),
      );
      const templates = new Map(shared.templates);
      const problems = [...shared.problems];
      const before = problems.length;
      attempt(file, problems, () => parseTemplate(ownName, written, templates, knownFunctions));
      if (problems.length > before) templates.delete(ownName);
      const missing = missingTemplates(templates, ownName).map((name) => ({
        file,
        message: `there is no template ${JSON.stringify(name)}`,
      }));
      return { templates, problems: [...problems, ...missing] };
    });
  }
}

/** The name of a prompt's own template. */
const ownName = "prompt";

interface Templates {
  readonly templates: ReadonlyMap<string, Template>;
  readonly problems: readonly PromptProblem[];
}

function cached<Value>(cache: Map<string, Value>, key: string, make: () => Value): Value {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  return made;
}

function fragmentFolders(packFolders: readonly string[]): readonly string[] {
  return packFolders.flatMap((pack) => [posix.join(pack, "prompts", "shared"), posix.join(pack, "template-fragments")]);
}

function readFragments(folders: readonly string[], files: ReadFiles): Templates {
  const templates = new Map<string, Template>();
  const problems: PromptProblem[] = [];
  for (const file of folders.flatMap((folder) => templatesIn(folder, files))) {
    attempt(file, problems, () => parseTemplate(ownName, files.readText(file) ?? "", templates, knownFunctions));
  }
  return { templates, problems };
}

function attempt<T>(file: string, problems: PromptProblem[], action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    problems.push({ file, message: error.message });
    return undefined;
  }
}

function isTemplate(file: string): boolean {
  return file.endsWith(".template.md") || file.endsWith(".md.tmpl");
}

function templatesIn(folder: string, files: ReadFiles): readonly string[] {
  const names = (files.listFolder(folder) ?? []).filter(({ kind }) => kind === "file").map(({ name }) => name);
  return names
    .filter(isTemplate)
    .sort()
    .map((name) => posix.join(folder, name));
}

function promptFunctions(
  sessionOf: PromptSources["sessionOf"],
): Record<string, (...values: readonly TemplateValue[]) => string> {
  const name = (values: readonly TemplateValue[]): string => {
    const [value] = values;
    if (typeof value !== "string" || values.length > 1) throw new Error("it takes the name of an agent");
    return value;
  };
  return {
    cmd: () => "gc",
    session: (...values) => sessionOf(name(values)),
    basename: (...values) => splitQualifiedName(name(values)).name,
  };
}

const knownFunctions = promptFunctions(() => "");
