import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { diskFiles } from "../../src/city/files/disk-files.ts";
import { fetchPacks } from "../../src/runtime/fetch-packs.ts";
import { composeAsShown, expectSameCity } from "./compare.ts";
import { runGc } from "./gc.ts";
import { writeCity } from "./write-city.ts";

const agent = (name: string): string => `[pack]\nname = "${name}"\nschema = 1\n\n[[agent]]\nname = "${name}"\n`;

it("packs that we fetch are where gc looks for them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gascity-packs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const repository = join(folder, "repository");
  writeCity(repository, { "pack.toml": agent("whole"), "below/pack.toml": agent("part") });
  const git = (...args: readonly string[]): Buffer =>
    execFileSync("git", ["-c", "user.name=n", "-c", "user.email=e", "-c", "init.defaultBranch=main", ...args], {
      cwd: repository,
    });
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message", "Packs");
  git("tag", "v1");

  const city = join(folder, "city");
  const source = `source = "file://${repository}"`;
  writeCity(city, {
    "city.toml": `[workspace]
includes = ["whole"]

[packs.whole]
${source}

[packs.part]
${source}
ref = "v1"
path = "below"

[[rigs]]
name = "api"
path = "api"
includes = ["part"]
`,
  });
  const unfetched = composeAsShown(city).findings.filter(({ code }) => code === "not-fetched");
  expect(unfetched.map(({ origin }) => origin.path)).toEqual([
    ["workspace", "includes", 0],
    ["rigs", 0, "includes", 0],
  ]);
  await fetchPacks({ root: city, files: diskFiles, env: process.env }, () => undefined, new AbortController().signal);
  expect(composeAsShown(city).findings).toEqual([]);
  expect(await runGc(city, ["config", "show"])).toMatchObject({ code: 0 });
  await expectSameCity(city);
  expect(composeAsShown(city).agents.map(({ table }) => table.name)).toEqual(["whole", "part"]);
});
