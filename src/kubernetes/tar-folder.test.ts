import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
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

  it("passes over what vanishes while it packs, and packs the rest", async () => {
    const leaveOut = (path: string): boolean => {
      if (path === "deep/b.txt") rmSync(join(folder, path));
      return false;
    };
    expect(await listed(tarOf({ folder }, { leaveOut }))).toEqual([
      "0/0 .env",
      "0/0 a.txt",
      "0/0 deep",
      "0/0 deep/er",
      "0/0 deep/er/c.txt",
      "0/0 deep/secret.key",
    ]);
  });

  it("leaves out sockets and pipes", async () => {
    execFileSync("sh", ["-c", 'mkfifo "$1"', "sh", join(folder, "deep", "pipe")]);
    const server = createServer().listen(join(folder, "deep", "socket"));
    await once(server, "listening");
    try {
      expect(await listed(tarOf({ folder: join(folder, "deep") }))).toEqual([
        "0/0 b.txt",
        "0/0 er",
        "0/0 er/c.txt",
        "0/0 secret.key",
      ]);
    } finally {
      server.close();
    }
  });

  it("keeps modes and contents, of large files too", async () => {
    const content = randomBytes(3_000_001);
    writeFileSync(join(folder, "deep", "er", "large"), content, { mode: 0o755 });
    const unpacked = join(folder, "unpacked");
    mkdirSync(unpacked);
    const chunks = await Array.fromAsync(tarOf({ folder: `${folder}/` }, { leaveOut: (path) => path === "unpacked" }));
    execFileSync("tar", ["-x", "-p", "--no-same-owner", "-f", "-", "-C", unpacked], { input: Buffer.concat(chunks) });
    expect(readFileSync(join(unpacked, "deep/er/large")).equals(content)).toBe(true);
    expect(statSync(join(unpacked, "deep/er/large")).mode & 0o777).toBe(0o755);
    expect(readFileSync(join(unpacked, "deep/b.txt"), "utf8")).toBe("deep/b.txt");
  });

  it("fails on a folder that is not there", async () => {
    await expect(Array.fromAsync(tarOf({ folder: join(folder, "missing") }))).rejects.toThrow(/ENOENT.*missing/u);
  });

  it("fails on a large file that becomes shorter", async () => {
    writeFileSync(join(folder, "large"), Buffer.alloc(20_000_000));
    const pack = async (): Promise<void> => {
      for await (const chunk of tarOf({ folder, entries: ["large"] }))
        if (chunk) truncateSync(join(folder, "large"), 1);
    };
    await expect(pack()).rejects.toThrow("large became shorter while it was packed");
  });

  it("closes what it reads when nobody wants the rest", async () => {
    writeFileSync(join(folder, "large"), Buffer.alloc(20_000_000));
    const openFiles = (): string[] =>
      readdirSync("/proc/self/fd").flatMap((fd) => {
        try {
          return [readlinkSync(`/proc/self/fd/${fd}`)];
        } catch {
          return [];
        }
      });
    let length = 0;
    for await (const chunk of tarOf({ folder, entries: ["large"] })) {
      length += chunk.length;
      if (length > 1_000_000) break;
    }
    await vi.waitFor(() => expect(openFiles()).not.toContain(join(folder, "large")), 10_000);
  });
});
