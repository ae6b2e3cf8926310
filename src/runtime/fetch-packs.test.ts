import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { diskFiles } from "../city/files/disk-files.ts";
import { loadCity } from "../city/load-city.ts";
import { fetchPacks } from "./fetch-packs.ts";

let folder: string;
let root: string;
const env = () => ({ PATH: process.env["PATH"], HOME: join(folder, "home") });
const never = new AbortController().signal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gascity-packs-"));
  root = join(folder, "city");
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** A repository of packs; its address. */
function repository(name: string, files: Readonly<Record<string, string>>): { address: string; commit: string } {
  for (const [path, text] of Object.entries(files)) write(`${name}/${path}`, text);
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-C", join(folder, name), ...args], { env: env() }).toString();
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("-c", "user.name=a", "-c", "user.email=a@example.invalid", "commit", "-qm", "one");
  git("tag", "v1");
  return { address: `file://${join(folder, name)}`, commit: git("rev-parse", "HEAD").trim() };
}

function pack(name: string, more = ""): string {
  return `[pack]\nname = "${name}"\nschema = 1\n${more}[[agent]]\nname = "${name}"\nstart_command = "sh"\n`;
}

const fetchAll = async () => {
  const said: string[] = [];
  await fetchPacks({ root, files: diskFiles, env: env() }, ({ repository }) => said.push(repository), never);
  return said;
};

it("clones named packs, includes and locked imports, and what those lead to", async () => {
  const base = repository("base", { "deep/pack.toml": pack("base") });
  const crew = repository("crew", {
    "pack.toml": pack("crew").replace("schema", `includes = ["${base.address}//deep#v1"]\nschema`),
  });
  const locked = repository("locked", { "pack.toml": pack("locked") });
  write(
    "city/city.toml",
    `[workspace]\nname = "x"\nincludes = ["team"]\n[packs.team]\nsource = "${crew.address}"\nref = "v1"\n` +
      `[imports.other]\nsource = "${locked.address}"\n`,
  );
  write("city/packs.lock", `schema = 1\n[packs."${locked.address}"]\ncommit = "${locked.commit}"\n`);

  expect((await fetchAll()).sort()).toEqual([base.address, crew.address, locked.address]);
  const { city, diagnostics } = loadCity({ root, files: diskFiles, env: env() });
  expect(diagnostics).toEqual([]);
  expect(city?.sessions.map(({ agent }) => agent).sort()).toEqual(["base", "crew", "other.locked"]);
  expect(await fetchAll()).toEqual([]);
});

it("says what git cannot clone and leaves nothing half done", async () => {
  write("city/city.toml", `[workspace]\nincludes = ["file://${folder}/none"]\n`);
  await expect(fetchAll()).rejects.toThrow(/none cannot be fetched: .*Check the address/u);
  repository("none", { "pack.toml": pack("none") });
  write("city/city.toml", `[workspace]\nincludes = ["file://${folder}/none#v2"]\n`);
  await expect(fetchAll()).rejects.toThrow(/none at v2 cannot be fetched: /u);
  expect(readdirSync(join(root, ".gc/cache/includes"))).toEqual([]);
});

it("says so when git is not installed, and stops when it is told to", async () => {
  const { address } = repository("crew", { "pack.toml": pack("crew") });
  write("city/city.toml", `[workspace]\nincludes = ["${address}"]\n`);
  const source = { root, files: diskFiles, env: { ...env(), PATH: folder } };
  await expect(fetchPacks(source, () => undefined, never)).rejects.toThrow(/git is not installed\. Install git/u);
  const stopped = AbortSignal.abort(new Error("enough"));
  await expect(fetchPacks({ ...source, env: env() }, () => undefined, stopped)).rejects.toThrow("enough");
  expect(existsSync(join(root, ".gc/cache/includes/crew"))).toBe(false);
});
