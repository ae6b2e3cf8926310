import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { diskFiles } from "../files/disk-files.ts";
import { composeCity } from "./compose-city.ts";

const root = mkdtempSync(join(tmpdir(), "discover-"));
afterAll(() => rmSync(root, { recursive: true }));

it("finds agents in the city's own folders, whose files may be linked", () => {
  const elsewhere = join(root, "elsewhere");
  const agent = join(root, "agents", "own");
  for (const folder of [elsewhere, agent]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(root, "city.toml"), "");
  writeFileSync(join(root, "pack.toml"), '[pack]\nname = "c"\nschema = 2\n');
  writeFileSync(join(elsewhere, "prompt.md"), "hello");
  symlinkSync(elsewhere, join(root, "agents", "linked"));
  symlinkSync("nowhere", join(root, "agents", "dangling"));
  symlinkSync(join(elsewhere, "prompt.md"), join(agent, "prompt.md"));
  symlinkSync(elsewhere, join(agent, "overlay"));
  expect(composeCity(diskFiles, root).agents.map(({ table }) => table)).toEqual([
    { name: "own", prompt_template: join(agent, "prompt.md"), overlay_dir: join(agent, "overlay") },
  ]);
});
