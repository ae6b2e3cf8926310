import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { diskFiles } from "./disk-files.ts";

const outside = mkdtempSync(join(tmpdir(), "city-files-"));
const city = join(outside, "city");
afterAll(() => rmSync(outside, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(outside, name);
  writeFileSync(path, content);
  return path;
}

mkdirSync(join(city, "agents"), { recursive: true });
file("prompt.md", "hello");
symlinkSync("../prompt.md", join(city, "linked.md"));
symlinkSync("..", join(city, "linked"));
symlinkSync("nowhere", join(city, "dangling"));
symlinkSync("circle", join(city, "circle"));
execFileSync("mkfifo", [join(city, "pipe")]);
file("city/city.toml", "x = 1\r\n");

describe("a file on disk", () => {
  it("is its text, line ends and all", () => expect(diskFiles.readText(join(city, "city.toml"))).toBe("x = 1\r\n"));

  it("has no byte order mark", () => expect(diskFiles.readText(file("bom", "\uFEFFx"))).toBe("x"));

  it.each([
    ["a byte that begins nothing", [0x61, 0xff, 0x62], "a\uDCFFb"],
    ["a surrogate", [0xed, 0xa0, 0x80], "\uDCFF\uDCFF\uDCFF"],
    ["half a character", [0x61, 0xc3], "a\uDCFF"],
  ])("cannot be mistaken for text with %s", (_, bytes, text) => {
    const read = diskFiles.readText(file("bytes", Uint8Array.from(bytes)));
    expect(read).toBe(text);
    expect(read?.isWellFormed()).toBe(false);
    expect(diskFiles.readBytes(join(outside, "bytes"))).toEqual(Buffer.from(bytes));
  });

  it("keeps a replacement character that was written as one", () =>
    expect(diskFiles.readText(file("replacement", "\uFFFD"))).toBe("\uFFFD"));

  it("may be linked to from the city", () => expect(diskFiles.readText(join(city, "linked.md"))).toBe("hello"));

  it.each(["missing", "missing/too", "city.toml/x", "agents", "dangling", "circle", "pipe", "\0", "x".repeat(5000)])(
    "does not exist at %j",
    (name) => {
      const path = join(city, name);
      expect([diskFiles.readText(path), diskFiles.readBytes(path)]).toEqual([undefined, undefined]);
    },
  );

  it("is no text when nobody can have written so much", () => {
    const path = file("huge", "");
    truncateSync(path, 16 * 1024 * 1024);
    expect(diskFiles.readText(path)).toHaveLength(16 * 1024 * 1024);
    truncateSync(path, 3 * 1024 ** 3);
    expect([diskFiles.readText(path), diskFiles.readBytes(path)]).toEqual([undefined, undefined]);
  });
});

describe("a folder on disk", () => {
  it("shows what its links lead to, and neither pipes nor what leads nowhere", () => {
    expect(diskFiles.listFolder(city)?.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: "agents", kind: "folder" },
      { name: "city.toml", kind: "file" },
      { name: "linked", kind: "folder", isLink: true },
      { name: "linked.md", kind: "file", isLink: true },
    ]);
  });

  it.each(["missing", "city.toml", "dangling", "circle", "pipe", "\0"])("does not exist at %j", (name) => {
    expect(diskFiles.listFolder(join(city, name))).toBeUndefined();
  });
});
