import { join } from "node:path";
import { expect, it } from "vitest";
import { refusedCities } from "../../test/interop/refused-cities.ts";
import { warnedCities } from "../../test/interop/warned-cities.ts";
import { memoryFiles } from "./files/memory-files.ts";
import { loadCity } from "./load-city.ts";

const root = "/city";

/** What is wrong with a city, each line with the text that it points at. */
function said(texts: Readonly<Record<string, string>>): readonly string[] {
  const below = Object.fromEntries(Object.entries(texts).map(([path, text]) => [`${root}/${path}`, text]));
  const { diagnostics } = loadCity({
    root,
    files: memoryFiles(below),
    hasProgram: () => true,
    env: { HOME: `${root}/.home` },
  });
  return diagnostics.map(({ file, severity, range: { start, end }, message }) => {
    const line = (below[file] ?? "").split("\n")[start.line] ?? "";
    const pointed = line.slice(start.character, end.line === start.line ? end.character : undefined);
    return `${file.slice(root.length + 1)}:${start.line + 1} <${pointed}> ${severity}: ${message}`;
  });
}

it.each([
  ["errors.txt", refusedCities],
  ["warnings.txt", warnedCities],
])("says what is wrong with a city, and where: %s", async (file, cities) => {
  const lines = Object.entries(cities).map(([name, texts]) => [name, ...said(texts)].join("\n  "));
  await expect(`${lines.join("\n\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/fixtures/diagnostics", file),
  );
});
