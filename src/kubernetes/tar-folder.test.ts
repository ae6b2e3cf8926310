import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tarOf } from "./tar-folder.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gascity-tar-"));
  mkdirSync(join(folder, "deep", "er"), { recursive: true });
  for (const path of ["a.txt", ".env", "deep/b.txt", "deep/secret.key", "deep/er/c.txt"]) {
    writeFileSync(join(folder, path), path);
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the real tar lists: owner, and name with the link's target. */
async function listed(archive: AsyncIterable<Uint8Array>): Promise<string[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk);
  const lines = execFileSync("tar", ["-tv", "--numeric-owner", "-f", "-"], { input: Buffer.concat(chunks) });
  return lines
    .toString()
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/^\S+ (\S+) +\d+ \S+ \S+ /u, "$1 "))
    .toSorted();
}

describe("tarOf", () => {
  it("packs what is in a folder, without an entry for the folder itself, as nobody's", async () => {
    symlinkSync("a.txt", join(folder, "link"));
    expect(await listed(tarOf({ folder }))).toEqual([
      "0/0 .env",
      "0/0 a.txt",
      "0/0 deep",
      "0/0 deep/b.txt",
      "0/0 deep/er",
      "0/0 deep/er/c.txt",
      "0/0 deep/secret.key",
      "0/0 link -> a.txt",
    ]);
  });

  it("leaves out at the top and deep below, a folder with all that is in it", async () => {
    const out = new Set([".env", "deep/secret.key", "deep/er"]);
    expect(await listed(tarOf({ folder }, { leaveOut: (path) => out.has(path) }))).toEqual([
      "0/0 a.txt",
      "0/0 deep",
      "0/0 deep/b.txt",
    ]);
  });

  it("packs one file under another name", async () => {
    expect(await listed(tarOf({ folder, entries: ["a.txt"] }, { rename: () => "z" }))).toEqual(["0/0 z"]);
  });

  it("packs an empty folder", async () => {
    rmSync(join(folder, "deep"), { recursive: true });
    expect(await listed(tarOf({ folder }, { leaveOut: () => true }))).toEqual([]);
  });
});
