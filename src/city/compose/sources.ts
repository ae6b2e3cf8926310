import { posix } from "node:path";
import type { CityFiles } from "../files/city-files.ts";
import { byBytes } from "../../lib/by-bytes.ts";
import type { AgentFile } from "../schema/agent.ts";
import type { CityTables } from "../schema/city-tables.ts";
import type { KubernetesTables } from "../schema/kubernetes-tables.ts";
import type { PackTables } from "../schema/pack-tables.ts";
import { type CheckedFile, checkFile, type FileCache, type FileKind } from "./check-file.ts";
import type { Finding } from "./finding.ts";
import { type ListedPacks, readListedPacks } from "./listed-packs.ts";
import { below, type Origin } from "./origin.ts";
import type { Provenance } from "./provenance.ts";

/**
 * The files of one composition. A TOML file is looked at once, however often it is asked for: what is wrong with it
 * becomes a finding, and the provenance learns where its tables are.
 */
export class Sources {
  readonly #files: CityFiles;
  readonly #cache: FileCache;
  readonly #provenance: Provenance;
  readonly #findings: Finding[];
  readonly #read = new Map<string, CheckedFile>();
  readonly #folders = new Map<string, Folder>();
  readonly #listed = new Map<string, ListedPacks>();
  readonly #paths = { files: new Set<string>(), folders: new Set<string>() };

  constructor(files: CityFiles, cache: FileCache, provenance: Provenance, findings: Finding[]) {
    this.#files = files;
    this.#cache = cache;
    this.#provenance = provenance;
    this.#findings = findings;
  }

  /** The TOML files that were read, by path, in the order in which they were. */
  get read(): ReadonlyMap<string, CheckedFile> {
    return this.#read;
  }

  /** The tables of a city.toml or of a file that it includes; undefined when there are none. */
  readCity(file: string): CityTables | undefined {
    return this.#tables(file, "city");
  }

  /** The tables of a pack.toml; undefined when there are none. */
  readPack(file: string): PackTables | undefined {
    return this.#tables(file, "pack") as PackTables | undefined;
  }

  /** The table of an agent.toml; undefined when there is none. */
  readAgent(file: string): AgentFile | undefined {
    return this.#tables(file, "agent");
  }

  /** The tables of a kubernetes.toml; undefined when there are none. */
  readKubernetes(file: string): KubernetesTables | undefined {
    return this.#tables(file, "kubernetes");
  }

  /** What a list that gc keeps says. */
  readListed(file: string): ListedPacks {
    const listed =
      this.#listed.get(file) ?? readListedPacks(this.isFile(file) ? this.#files.readText(file) : undefined);
    this.#listed.set(file, listed);
    return listed;
  }

  isFile(path: string): boolean {
    this.#paths.files.add(path);
    return this.#folder(posix.dirname(path)).files.has(posix.basename(path));
  }

  isFolder(path: string): boolean {
    return this.#folder(path).exists;
  }

  /** The names of the files and folders in a folder, the latter in order; none if there is no folder. */
  contentOf(folder: string): Folder {
    this.#paths.folders.add(folder);
    return this.#folder(folder);
  }

  /** What the city is made of: files, some of which do not exist, and folders whose content counts. */
  get paths(): CityPaths {
    return this.#paths;
  }

  #tables(file: string, kind: FileKind): object | undefined {
    const known = this.#read.get(file);
    if (known) return known.tables;
    this.#paths.files.add(file);
    const read = checkFile(file, kind, this.#files, this.#cache);
    if (!read) return undefined;
    this.#read.set(file, read);
    this.#findings.push(...read.findings);
    if (read.tables) declareTables(read.tables, { file, path: [] }, this.#provenance);
    return read.tables;
  }

  #folder(path: string): Folder {
    const known = this.#folders.get(path);
    if (known) return known;
    const entries = this.#files.listFolder(path);
    const names = (kind: "file" | "folder"): string[] =>
      (entries ?? []).filter((entry) => entry.kind === kind).map(({ name }) => name);
    const folder = {
      exists: entries !== undefined,
      files: new Set(names("file")),
      folders: names("folder").sort(byBytes),
      links: new Set((entries ?? []).filter(({ isLink }) => isLink).map(({ name }) => name)),
    };
    this.#folders.set(path, folder);
    return folder;
  }
}

/** What changes a city when it changes. Absolute. */
export interface CityPaths {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

interface Folder {
  readonly exists: boolean;
  readonly files: ReadonlySet<string>;
  readonly folders: readonly string[];
  /** Those of both that lie elsewhere. */
  readonly links: ReadonlySet<string>;
}

/** Says of each table in `value`, itself included, where it is written. */
function declareTables(value: object, origin: Origin, provenance: Provenance): void {
  const isList = Array.isArray(value);
  if (!isList) provenance.declare(value, origin);
  for (const [key, child] of Object.entries(value) as [string, unknown][]) {
    if (typeof child !== "object" || child === null) continue;
    declareTables(child, below(origin, isList ? Number(key) : key), provenance);
  }
}
