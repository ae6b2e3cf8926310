import { posix } from "node:path";
import { executeTemplate } from "../../lib/go-template/execute-template.ts";
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
  readonly values: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Folders of packs whose fragments may be used; the later win, and the prompt's own `shared` folder over all. */
  readonly packFolders: readonly string[];
  /** Fragments to stand after the prompt, in their order. */
  readonly fragments: readonly string[];
  /** The session's name of an agent, by its qualified name. */
  readonly sessionOf: (qualified: string) => string;
}

export interface PromptText {
  readonly text: string;
  /** What is wrong with it, each with its file; the text is then the best that could be made. */
  readonly problems: readonly PromptProblem[];
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
  /** By the folders that they are from. */
  readonly #fragments = new Map<string, Fragments>();
  readonly #branches = new Map<string, string>();

  constructor(files: ReadFiles) {
    this.#files = files;
  }

  /**
   * The text of a prompt (gascity-spec §2.3). Only a file named `*.template.md` or `*.md.tmpl` is a Go template and gets
   * fragments; one that cannot be filled is used as it is, a fragment that is not there is left out, both as in gc.
   */
  text(sources: PromptSources): PromptText {
    const { file } = sources;
    if (file === "") return { text: "", problems: [] };
    const written = this.#files.readText(file);
    if (written === undefined) return { text: "", problems: [{ file, message: "there is no such prompt to read" }] };
    if (!isTemplate(file)) return { text: written, problems: [] };

    const { templates: shared, problems: inherited } = this.#fragmentsOf(sources);
    const problems = [...inherited];
    const templates = new Map(shared);
    const functions = promptFunctions(sources.sessionOf);
    const data = { ...sources.env, ...sources.values };
    const fill = (name: string): string | undefined =>
      attempt(file, problems, () => executeTemplate(templates, name, { data, missing: "empty", functions }));
    const parsed = attempt(file, problems, () => parseTemplate("prompt", written, templates, functions) ?? true);
    const body = parsed && fill("prompt");
    if (body === undefined) return { text: written, problems };
    const parts = [body];
    for (const name of sources.fragments) {
      if (!templates.has(name)) problems.push({ file, message: `there is no fragment ${JSON.stringify(name)}` });
      else parts.push(fill(name) ?? "");
    }
    return { text: parts.join("\n\n"), problems };
  }

  /** The branch that a work dir's repository starts from: what its clone says, else "main". */
  defaultBranch(workDir: string): string {
    const known = this.#branches.get(workDir);
    if (known !== undefined) return known;
    const head = this.#files.readText(posix.join(workDir, ".git", "refs", "remotes", "origin", "HEAD")) ?? "";
    const branch = /^ref: refs\/remotes\/origin\/(\S+)\s*$/u.exec(head)?.[1] ?? "main";
    this.#branches.set(workDir, branch);
    return branch;
  }

  #fragmentsOf({ file, packFolders }: PromptSources): Fragments {
    const folders = [
      ...packFolders.flatMap((pack) => [posix.join(pack, "prompts", "shared"), posix.join(pack, "template-fragments")]),
      posix.join(posix.dirname(file), "shared"),
    ];
    const key = folders.join("\0");
    let fragments = this.#fragments.get(key);
    if (!fragments) {
      fragments = readFragments(folders, this.#files);
      this.#fragments.set(key, fragments);
    }
    return fragments;
  }
}

interface Fragments {
  readonly templates: ReadonlyMap<string, Template>;
  readonly problems: readonly PromptProblem[];
}

function readFragments(folders: readonly string[], files: ReadFiles): Fragments {
  const templates = new Map<string, Template>();
  const problems: PromptProblem[] = [];
  const functions = promptFunctions(() => "");
  for (const file of folders.flatMap((folder) => templatesIn(folder, files))) {
    attempt(file, problems, () => parseTemplate("prompt", files.readText(file) ?? "", templates, functions));
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
