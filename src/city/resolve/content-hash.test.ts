import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { readVectors } from "../../../test/golden-vectors.ts";
import { textReader } from "../../../test/text-reader.ts";
import { diskFiles } from "../files/disk-files.ts";
import { memoryFiles } from "../files/memory-files.ts";
import { contentHash, withContentHashes } from "./content-hash.ts";

interface PathVector {
  readonly name: string;
  readonly files: Record<string, string>;
  readonly path: string;
  readonly hash: string;
}
const vectors = (readVectors("fingerprints.json") as { path_content: PathVector[] }).path_content;

function readerOf(files: Record<string, string>) {
  return textReader(memoryFiles(Object.fromEntries(Object.entries(files).map(([path, text]) => [`/t/${path}`, text]))));
}

describe("contentHash", () => {
  it.each(vectors)("is gc's of $name", ({ files, path, hash }) => {
    expect(contentHash(`/t/${path}`, readerOf(files)) ?? "").toBe(hash);
  });

  it("does not depend on the order in which a folder lists its files", () => {
    const name = fc.stringMatching(/^[a-zA-Zäé🚀._-]{1,4}$/u).filter((text) => !/^\.+$/u.test(text));
    const tree = fc.dictionary(name, fc.string(), { minKeys: 1, maxKeys: 6 });
    fc.assert(
      fc.property(tree, (files) => {
        const turned = Object.fromEntries(Object.entries(files).toReversed());
        expect(contentHash("/t", readerOf(turned))).toBe(contentHash("/t", readerOf(files)));
      }),
    );
  });

  it("is known of what was found only", () => {
    const config = {
      workDir: "/t",
      command: "",
      env: {},
      processNames: [],
      nudge: "",
      preStart: [],
      overlayDir: "",
      copyFiles: [
        { src: "/t/a", relDst: "a", probed: true },
        { src: "/t/a", relDst: "b" },
        { src: "/t/none", relDst: "c", probed: true },
      ],
    };
    const { copyFiles } = withContentHashes(config, readerOf({ a: "" }));
    const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    expect(copyFiles.map((file) => file.contentHash)).toEqual([empty, undefined, undefined]);
  });
});

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
