import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { diskFiles } from "../files/disk-files.ts";
import { contentHash } from "./content-hash.ts";

const folder = mkdtempSync(join(tmpdir(), "content-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("is of files alone, whatever links lead in circles", () => {
  mkdirSync(join(folder, "a"));
  writeFileSync(join(folder, "a", "x"), "x");
  const before = contentHash(folder, diskFiles);
  for (const name of ["up", "again", "and-again"]) symlinkSync("..", join(folder, "a", name));
  expect(contentHash(folder, diskFiles)).toBe(before);
  symlinkSync("a/x", join(folder, "linked"));
  expect(contentHash(folder, diskFiles)).not.toBe(before);
  expect(contentHash(join(folder, "linked"), diskFiles)).toBe(contentHash(join(folder, "a", "x"), diskFiles));
});
