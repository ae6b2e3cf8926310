import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diskFiles } from "../src/city/files/disk-files.ts";
import { type LoadedCity, loadCity } from "../src/city/load-city.ts";

const examples = join(import.meta.dirname, "../docs/examples");

/** The names of the cities that the documentation shows. */
export function docsExamples(): readonly string[] {
  return readdirSync(examples);
}

/** A copy of one of them, in a folder that disposing it removes. */
export class DocsExample implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "gascity-example-"));

  constructor(name: string) {
    cpSync(join(examples, name), this.root, { recursive: true });
  }

  load(env: Readonly<Record<string, string>> = {}): LoadedCity {
    return loadCity({ root: this.root, env, files: diskFiles });
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true });
  }
}
