import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { programOnPath } from "./program-on-path.ts";

const folder = mkdtempSync(join(tmpdir(), "programs-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("finds programs, and neither files that are none nor folders", () => {
  mkdirSync(join(folder, "deep", "folder"), { recursive: true });
  writeFileSync(join(folder, "claude"), "", { mode: 0o755 });
  writeFileSync(join(folder, "deep", "codex"), "", { mode: 0o755 });
  writeFileSync(join(folder, "deep", "notes"), "", { mode: 0o644 });
  const hasProgram = programOnPath({ PATH: ["", join(folder, "none"), folder, join(folder, "deep")].join(delimiter) });
  const names = ["claude", "codex", "notes", "folder", "gemini", ""];
  expect(names.filter((name) => hasProgram(name))).toEqual(["claude", "codex"]);
  expect(programOnPath({})("sh")).toBe(false);
});
