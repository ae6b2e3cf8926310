import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { DocsExample } from "../docs-example.ts";
import { gc, gcNeeded } from "./gc.ts";

const place = ".beads/formulas";

/** What the formulas of some folders are links to. */
function linksIn(folders: readonly string[]): Record<string, string> {
  const places = folders.map((folder) => join(folder, place)).filter((folder) => existsSync(folder));
  const paths = places.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  return Object.fromEntries(paths.map((path) => [path, readlinkSync(path)]));
}

it("takes the same files for formulas of a city and its rigs as gc", async () => {
  if (gc === undefined) throw new Error(gcNeeded);
  using example = new DocsExample("formulas-in-pods");
  const { root } = example;
  // One by its long name only, one by both, and what is no formula.
  for (const name of ["long.formula.toml", "both.formula.toml", "both.toml", "README.md"]) {
    writeFileSync(join(root, "formulas", name), "");
  }
  const { city } = example.load();
  const formulas = city?.formulas ?? [];
  const expected = formulas.flatMap((folder) =>
    [...folder.formulas].map(([name, file]) => [join(folder.folder, place, name), file]),
  );

  // By these gc knows a city that it may start.
  for (const name of ["cache", "runtime", "system"]) mkdirSync(join(root, ".gc", name), { recursive: true });
  writeFileSync(join(root, ".gc", "events.jsonl"), "");
  const own = { GC_BEADS: "file", GC_DOLT: "skip", GC_SESSION: "fake", HOME: join(root, ".home") };
  const env = { PATH: process.env["PATH"], ...own };
  const controller = spawn(gc, ["start", "--foreground", "--city", root], { env, stdio: "ignore" });
  const ended = once(controller, "exit");
  try {
    const folders = formulas.map(({ folder }) => folder);
    await vi.waitFor(() => expect(linksIn(folders)).toEqual(Object.fromEntries(expected)), 20_000);
  } finally {
    controller.kill("SIGINT");
    await ended;
  }
});
