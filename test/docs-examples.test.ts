import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DocsExample, docsExamples } from "./docs-example.ts";

const docs = join(import.meta.dirname, "../docs");
const pages = readdirSync(docs).filter((name) => name.endsWith(".md"));

it.each(docsExamples())("the example %s loads without a word, keeps its agents running, and is explained", (name) => {
  using example = new DocsExample(name);
  const { city, diagnostics } = example.load();
  expect(diagnostics).toEqual([]);
  expect(city?.provider.kind).toBe("k8s");
  expect(city?.sessions.filter(({ wanted }) => !wanted)).toEqual([]);
  expect(pages.some((page) => readFileSync(join(docs, page), "utf8").includes(`(examples/${name}/`))).toBe(true);
});
