import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runGascity } from "../../test/run-gascity.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gascity-config-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs `gascity config` in a machine without any gc. */
const config = (...args: readonly string[]) =>
  runGascity(["config", ...args], { env: { PATH: process.env["PATH"], HOME: folder } });

it("prints the city that its files make together", async () => {
  await writeFile(join(folder, "city.toml"), 'include = ["more.toml"]\n[workspace]\nname = "x"\n');
  await writeFile(join(folder, "more.toml"), '[[agent]]\nname = "a"\nstart_command = "sh"\n');
  const { stdout, stderr, code } = await config("show", folder);
  expect(stdout).toBe(
    'include = [ "more.toml" ]\n\n[workspace]\nname = "x"\n\n[[agent]]\nname = "a"\nstart_command = "sh"\n',
  );
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });

  const json = JSON.parse((await config("show", "--json", folder)).stdout) as Record<string, unknown>;
  expect(json).toMatchObject({
    city_dir: folder,
    config: { agent: [{ name: "a", _resolved: { qualified_name: "a", provider: { command_line: "sh" } } }] },
    derived: { city_name: "x" },
  });
});

it("says what is wrong, where, and whether the city loads", async () => {
  await writeFile(join(folder, "city.toml"), '[workspace]\nnmae = "x"\n');
  const misspelled = await config("show", folder);
  expect(misspelled.code).toBe(0);
  expect(misspelled.stderr).toMatch(/city\.toml:2:1: warning: Unknown key "nmae": did you mean "name"\?\n$/u);

  await writeFile(join(folder, "city.toml"), "x = [\n");
  expect(await config("show", folder)).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/city\.toml:2:1: error: This is not valid TOML/u) as string,
  });
});

it("tells what it can do", async () => {
  expect(await config("--help")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Usage: gascity config show/u) as string,
  });
  expect(await config("edit")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/See gascity config --help/u) as string,
  });
});
