import { posix } from "node:path";
import type { ComposedCity } from "../../compose/compose-city.ts";
import { agentName } from "../../compose/composed-city.ts";
import { qualifiedName, splitQualifiedName } from "../../names/qualified-name.ts";
import { placeId } from "../composed-places.ts";
import { type LanguageFile, ownerOf } from "../language-file.ts";
import { namesInFile } from "./file-names.ts";
import type { Named, WrittenName } from "./written-name.ts";

/** What the names in a city's files mean: which definition each refers to, and who refers to a definition. */
export class CityNames {
  readonly #root: string;
  readonly #names: readonly WrittenName[];
  readonly #owners: ReadonlyMap<string, string>;
  /** The ids of what a name means, and who has that id. */
  readonly #definitions = new Map<string, WrittenName[]>();
  #references: ReadonlyMap<WrittenName | string, readonly WrittenName[]> | undefined;

  /** `composed` may be older than the files, or missing: then names that only packs give are not known. */
  constructor(root: string, files: readonly LanguageFile[], composed: ComposedCity | undefined) {
    this.#root = root;
    this.#owners = new Map(files.map((file) => [file.path, ownerOf(file, root)]));
    const inFiles = files.flatMap(namesInFile);
    const composedNames = namesByPlace(composed);
    const ofFolders = agentsOfFolders(composed, new Set(files.map(({ path }) => path)));
    this.#names = [...inFiles, ...ofFolders];
    for (const name of this.#names) {
      if (name.role !== "definition") continue;
      for (const id of this.#idsOfDefinition(name, composedNames)) {
        const same = this.#definitions.get(id);
        if (same) same.push(name);
        else this.#definitions.set(id, [name]);
      }
    }
  }

  /** The name at an offset of a file. */
  at(file: string, offset: number): WrittenName | undefined {
    return this.#names.find(
      (name) => name.file === file && name.span.start <= offset && offset <= name.span.end && name.span.end > 0,
    );
  }

  /** Where what a name means is defined; a definition defines itself, and so may others of the same name. */
  definitionsOf(name: WrittenName): readonly WrittenName[] {
    for (const id of this.#idsOfReference(name)) {
      const found = this.#definitions.get(id);
      if (found) return found;
    }
    return [];
  }

  /** The names that mean the same as this one, without the definitions themselves. */
  referencesTo(name: WrittenName): readonly WrittenName[] {
    this.#references ??= this.#groupReferences();
    return [...new Set(this.#meant(name).flatMap((meant) => this.#references?.get(meant) ?? []))];
  }

  /** What agents are called in a file: those of its pack, or by their qualified names all that the city has. */
  agentsKnownIn(file: string): readonly string[] {
    const owner = this.#ownerOf(file);
    const prefix = idOf("agent", owner, "");
    return [...this.#definitions.keys()].flatMap((id) => (id.startsWith(prefix) ? [id.slice(prefix.length)] : []));
  }

  /** The names of this kind that are defined anywhere. */
  defined(named: Exclude<Named, "agent">): readonly string[] {
    const names = this.#names.flatMap((name) =>
      name.named === named && name.role === "definition" ? [name.text] : [],
    );
    return [...new Set(names)];
  }

  #groupReferences(): ReadonlyMap<WrittenName | string, readonly WrittenName[]> {
    const groups = new Map<WrittenName | string, WrittenName[]>();
    for (const name of this.#names) {
      if (name.role !== "reference") continue;
      for (const meant of this.#meant(name)) {
        const group = groups.get(meant);
        if (group) group.push(name);
        else groups.set(meant, [name]);
      }
    }
    return groups;
  }

  /** The definitions of what a name means, else the id of something that no file defines. */
  #meant(name: WrittenName): readonly (WrittenName | string)[] {
    const definitions = this.definitionsOf(name);
    return definitions.length > 0 ? definitions : this.#idsOfReference(name).slice(0, 1);
  }

  /** The ids by which others may mean a definition. */
  #idsOfDefinition(name: WrittenName, composedNames: ReadonlyMap<string, readonly string[]>): readonly string[] {
    const { named, text, dir, file } = name;
    switch (named) {
      case "agent": {
        const owner = this.#ownerOf(file);
        const local = idOf("agent", owner, qualifiedName({ dir, binding: "", name: text }));
        // What a pack brings, the city knows by other names.
        const table = name.path.at(-1) === "name" ? name.path.slice(0, -1) : name.path;
        const known = composedNames.get(placeId(file, table)) ?? [];
        const qualified = known.map((name) => idOf("agent", this.#root, name));
        const bare = known.map((name) => idOf("agent without binding", "", withoutBinding(name)));
        return [...new Set([local, ...qualified, ...bare])];
      }
      case "import":
        return [idOf("import", this.#ownerOf(file), text)];
      case "provider":
      case "rig":
      case "pack":
      case "event":
        return [idOf(named, "", text)];
    }
  }

  /** The ids of what a name may mean, the first that is somebody's counts. */
  #idsOfReference({ named, text, dir, file }: WrittenName): readonly string[] {
    switch (named) {
      case "agent": {
        const owner = this.#ownerOf(file);
        const inDir = qualifiedName({ dir, binding: "", name: text });
        const ids = [idOf("agent", owner, inDir), idOf("agent", owner, text)];
        // A rig's overrides leave the binding out.
        return owner === this.#root ? [...ids, idOf("agent without binding", "", inDir)] : ids;
      }
      case "import":
        return [idOf("import", this.#ownerOf(file), text)];
      case "provider":
      case "rig":
      case "pack":
      case "event":
        return [idOf(named, "", text)];
    }
  }

  #ownerOf(file: string): string {
    // Only the file of an agent that is known by its folder may not be there.
    return this.#owners.get(file) ?? ownerOf({ path: file, kind: "agent" }, this.#root);
  }
}

function idOf(named: string, owner: string, name: string): string {
  return `${named}\0${owner}\0${name}`;
}

function withoutBinding(qualified: string): string {
  const { dir, name } = splitQualifiedName(qualified);
  return qualifiedName({ dir, binding: "", name: name.slice(name.lastIndexOf(".") + 1) });
}

/** The qualified names that the agents written in each place have in the city. */
function namesByPlace(composed: ComposedCity | undefined): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const agent of composed?.agents ?? []) {
    const origin = composed?.provenance.of(agent.table);
    if (!origin) continue;
    const id = placeId(origin.file, origin.path);
    names.set(id, [...(names.get(id) ?? []), agentName(agent)]);
  }
  return names;
}

/** The agents that only a folder with a prompt defines: no file of theirs holds a name. */
function agentsOfFolders(composed: ComposedCity | undefined, files: ReadonlySet<string>): readonly WrittenName[] {
  const found = new Map<string, WrittenName>();
  for (const { table } of composed?.agents ?? []) {
    const file = composed?.provenance.of(table)?.file;
    if (file === undefined || files.has(file) || posix.basename(file) !== "agent.toml") continue;
    const span = { start: 0, end: 0 };
    found.set(file, { named: "agent", role: "definition", text: table.name, dir: "", file, path: [], span });
  }
  return [...found.values()];
}
