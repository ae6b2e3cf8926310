import { posix } from "node:path";
import type { TomlPath } from "../../text/toml-path.ts";
import { schemaOf } from "../../compose/check-file.ts";
import type { Reference } from "../../schema/fields.ts";
import type { LanguageFile } from "../language-file.ts";
import { shapeAt } from "../shape.ts";
import type { ScannedEntry, ScannedValue } from "../../text/scan/scanned-toml.ts";
import { keyParts } from "../syntax/key-parts.ts";
import { stringAt } from "../syntax/value-at.ts";
import type { Named, WrittenName } from "./written-name.ts";

type StringValue = Extract<ScannedValue, { kind: "string" }>;

/** Keys whose value gives a table its name; `*` is any index. */
const namingKeys: ReadonlyMap<string, Named> = new Map([
  ["agent.*.name", "agent"],
  ["rigs.*.name", "rig"],
]);

/** Tables whose keys are names. */
const namedTables: ReadonlyMap<string, Named> = new Map([
  ["providers", "provider"],
  ["packs", "pack"],
  ["imports", "import"],
  ["rigs.*.imports", "import"],
]);

/** The same in kubernetes.toml, which defines none of them. */
const podTables: ReadonlyMap<string, Named> = new Map([["agents", "agent"]]);

/** Lists of packs: an entry is a name of [packs], a path or an address. */
const packLists = new Set(["workspace.includes.*", "workspace.default_rig_includes.*", "rigs.*.includes.*"]);

/** Beside which key of the same table a name's directory stands, by where the name stands. */
const directoryKeys: ReadonlyMap<string, readonly [up: number, key: string]> = new Map([
  ["agent.*.name", [1, "dir"]],
  ["named_session.*.template", [1, "dir"]],
  ["patches.agent.*.name", [1, "dir"]],
  ["rigs.*.overrides.*.agent", [3, "name"]],
  ["rigs.*.patches.*.agent", [3, "name"]],
  ["rigs.*.default_sling_target", [1, "name"]],
  ["orders.overrides.*.pool", [1, "rig"]],
]);

const cache = new WeakMap<LanguageFile, readonly WrittenName[]>();

/** All names in a file, in no order. The agent of an agents/NAME/agent.toml is named at the file's start. */
export function namesInFile(file: LanguageFile): readonly WrittenName[] {
  const names = cache.get(file) ?? [...new FileNames(file).all()];
  cache.set(file, names);
  return names;
}

/** What the string at `path` names; undefined where it is no name. */
export function referenceAt({ kind }: LanguageFile, path: TomlPath): Reference | undefined {
  return packLists.has(generalized(path)) ? "pack" : shapeAt(schemaOf(kind), path)?.meaning?.refers;
}

/** The directory, often a rig's name, that a name at `path` is meant in; undefined where it has to say so itself. */
export function directoryOf({ toml }: LanguageFile, path: TomlPath): string | undefined {
  const beside = directoryKeys.get(generalized(path));
  return beside && (stringAt(toml, [...path.slice(0, -beside[0]), beside[1]]) ?? "");
}

class FileNames {
  readonly #file: LanguageFile;
  readonly #strings: { path: TomlPath; value: StringValue }[] = [];
  constructor(file: LanguageFile) {
    this.#file = file;
    for (const { entries } of file.toml.sections) for (const entry of entries) this.#addEntry(entry);
  }

  *all(): Iterable<WrittenName> {
    const { path: file, kind } = this.#file;
    if (kind === "agent") {
      const text = posix.basename(posix.dirname(file));
      const dir = stringAt(this.#file.toml, ["dir"]) ?? "";
      yield { named: "agent", role: "definition", text, dir, file, path: [], span: { start: 0, end: 0 } };
    }
    for (const { path, value } of this.#strings) {
      const place = generalized(path);
      const naming = kind === "agent" ? undefined : namingKeys.get(place);
      const named = naming ?? referenceAt(this.#file, path);
      if (named === undefined || value.text === "") continue;
      const role = naming ? "definition" : "reference";
      yield { named, role, text: value.text, dir: directoryOf(this.#file, path) ?? "", file, path, span: value.inner };
    }
    yield* this.#keyNames();
  }

  *#keyNames(): Iterable<WrittenName> {
    const { kind } = this.#file;
    const seen = new Set<string>();
    for (const { path, part } of keyParts(this.#file.toml)) {
      const table = generalized(path.slice(0, -1));
      const named = kind === "kubernetes" ? podTables.get(table) : namedTables.get(table);
      if (named === undefined || part.name === "") continue;
      const id = path.join("\0");
      const role = seen.has(id) || kind === "kubernetes" ? "reference" : "definition";
      seen.add(id);
      const span = { start: part.start, end: part.end };
      yield { named, role, text: part.name, dir: "", file: this.#file.path, path, span };
    }
  }

  #addEntry({ path, value }: ScannedEntry): void {
    this.#addValue(path, value);
  }

  #addValue(path: TomlPath, value: ScannedValue | undefined): void {
    if (value?.kind === "string") this.#strings.push({ path, value });
    if (value?.kind === "table") for (const entry of value.entries) this.#addEntry(entry);
    if (value?.kind === "array") {
      for (const [index, item] of value.items.entries()) this.#addValue([...path, index], item);
    }
  }
}

function generalized(path: TomlPath): string {
  return path.map((key) => (typeof key === "number" ? "*" : key)).join(".");
}
