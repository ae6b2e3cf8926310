import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runGascity } from "../../test/run-gascity.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gascity-init-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs `gascity init` where no agent program is installed. */
async function init(...args: readonly string[]): Promise<{ output: string; code: number }> {
  const { stdout, stderr, code } = await runGascity(["init", ...args], { env: { PATH: folder } });
  return { output: stdout + stderr, code };
}

it("makes a city with a folder for it, as usual but for what options say", async () => {
  const root = join(folder, "deep/demo");
  const { output, code } = await init("--yes", "--provider", "shell", root);
  expect({ output, code }).toEqual({ output: expect.stringContaining("Made the city demo.") as string, code: 0 });
  expect(await readFile(join(root, "city.toml"), "utf8")).toContain('name = "demo"');
});

it("never overwrites", async () => {
  const root = join(folder, "demo");
  await mkdir(root);
  await writeFile(join(root, ".gitignore"), "mine");
  await init("--template", "crew", "--name", "x", root);
  expect((await readdir(root, { recursive: true })).toSorted()).toEqual([
    ".gitignore",
    "city.toml",
    "prompts",
    "prompts/mayor.md",
    "prompts/worker.md",
  ]);
  expect(await readFile(join(root, ".gitignore"), "utf8")).toBe("mine");
  expect(await init("--yes", root)).toEqual({
    output: `${root} has a city.toml already. Change that one, or choose another folder.\n`,
    code: 1,
  });
});

it.each([
  [["--on", "k8s"], "Agents on Kubernetes need an image. See gascity init --help.\n"],
  [["--on", "mars"], 'Agents cannot run on "mars": use tmux or k8s. See gascity init --help.\n'],
  [["--template", "big"], 'There is no template "big": use minimal, crew, rig. See gascity init --help.\n'],
  [["--colour"], "Unknown option '--colour'. See gascity init --help.\n"],
])("refuses %j before it writes anything", async (args, output) => {
  expect(await init("--yes", ...args, folder)).toEqual({ output, code: 1 });
  expect(await readdir(folder)).toEqual([]);
});
