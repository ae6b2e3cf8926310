import type { CitySource } from "../city-source.ts";
import type { FileCache } from "../compose/check-file.ts";
import { composeCity, type ComposedCity } from "../compose/compose-city.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { overlaidFiles } from "../files/overlaid-files.ts";
import { RememberedFiles } from "../files/remembered-files.ts";
import { loadCity } from "../load-city.ts";
import type { LanguageContext } from "./language-context.ts";
import { LanguageFile } from "./language-file.ts";
import { CityNames } from "./names/city-names.ts";

/** What one state of a city's files comes to. */
interface Version {
  readonly composed: ComposedCity;
  readonly files: ReadonlyMap<string, LanguageFile>;
  names: CityNames | undefined;
}

/** The files of one city as they are being written, for all that is asked about them. Works only when asked. */
export class LanguageCity {
  /** Absolute path of its folder. */
  readonly root: string;
  readonly #source: CitySource;
  readonly #disk: RememberedFiles;
  readonly #cache: FileCache = new Map();
  #unsaved: ReadonlyMap<string, string> = new Map();
  #version: Version | undefined;
  /** The last version without a text that is not TOML. */
  #whole: ComposedCity | undefined;
  #files: ReadonlyMap<string, LanguageFile> = new Map();

  constructor(source: CitySource) {
    this.root = source.root;
    this.#source = source;
    this.#disk = new RememberedFiles(source.files);
  }

  /** Texts that are not saved, by their absolute paths; all others are as on disk. */
  setUnsaved(texts: ReadonlyMap<string, string>): void {
    this.#unsaved = texts;
    this.#version = undefined;
  }

  /** Something on disk is different now. */
  forgetDisk(): void {
    this.#disk.forget();
    this.#version = undefined;
  }

  /** Whether the city is read from this file, or was before another one was broken. */
  has(path: string): boolean {
    return this.#current().files.has(path);
  }

  /** What there is to know about a file of the city; undefined for any other. */
  contextOf(path: string): LanguageContext | undefined {
    const version = this.#current();
    const file = version.files.get(path);
    if (!file) return undefined;
    const { root } = this;
    const composed = this.#whole ?? version.composed;
    const names = (): CityNames => (version.names ??= new CityNames(root, [...version.files.values()], composed));
    return { file, root, files: version.files, composed, names };
  }

  /** What is wrong with the files as they are now, in any of them. */
  diagnostics(): readonly Diagnostic[] {
    const { composed, diagnostics } = loadCity(this.#now());
    this.#version ??= this.#versionOf(composed);
    return diagnostics;
  }

  /** The city as its files make it now; while one of them is not TOML, as they last made it. */
  get composed(): ComposedCity {
    const { composed } = this.#current();
    return this.#whole ?? composed;
  }

  /** Whether all files are TOML, so that `composed` is what they make now. */
  get isReadable(): boolean {
    return this.#current().composed === this.#whole;
  }

  #current(): Version {
    const source = this.#now();
    this.#version ??= this.#versionOf(composeCity(source.files, source.root, source));
    return this.#version;
  }

  #now(): CitySource {
    return { ...this.#source, files: overlaidFiles(this.#disk, this.#unsaved), cache: this.#cache };
  }

  #versionOf(composed: ComposedCity): Version {
    const { read } = composed.sources;
    const { files } = this.#now();
    if (!this.#whole || [...read.values()].every(({ tables }) => tables !== undefined)) this.#whole = composed;
    // A broken file leads to no other one; those that it led to still belong to the city.
    const known = new Map([...this.#whole.sources.read, ...read]);
    const current = new Map<string, LanguageFile>();
    for (const [path, { kind }] of known) {
      const text = read.get(path)?.text ?? files.readText(path);
      if (text === undefined) continue;
      const before = this.#files.get(path);
      const isSame = before?.text === text && before.kind === kind;
      current.set(path, isSame ? before : new LanguageFile(path, kind, text));
    }
    this.#files = current;
    return { composed, files: current, names: undefined };
  }
}
