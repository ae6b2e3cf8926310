import { appendFile, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppendedLines } from "./appended-lines.ts";
import { longestLine } from "./line-limit.ts";
import { linesBackwards } from "./lines-backwards.ts";

const it = test.extend<{ path: string }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads from it what a fixture needs.
  path: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "gascity-lines-"));
    await use(join(folder, "lines"));
    await rm(folder, { recursive: true });
  },
});

// Ends of lines often, and characters of more than one byte, for a chunk to end within them.
const text = fc.string({ unit: fc.constantFrom("\n", "a", "ö", "𝄞"), maxLength: 30 });
const chunkSize = fc.integer({ min: 1, max: 12 });
const longest = "x".repeat(longestLine);

async function backwards(path: string, chunkSize?: number, from = 0): Promise<readonly string[]> {
  await using file = await open(path, "r");
  const all = await Array.fromAsync(linesBackwards(file, from, (await file.stat()).size, chunkSize));
  return all.flat().filter((line) => line !== "");
}

describe("linesBackwards", () => {
  it("is the lines from the last, whatever the chunks", async ({ path }) => {
    await fc.assert(
      fc.asyncProperty(text, chunkSize, async (text, chunkSize) => {
        await writeFile(path, text);
        expect(await backwards(path, chunkSize)).toEqual(text.split("\n").filter(Boolean).toReversed());
      }),
    );
  });

  it("begins where it is told to", async ({ path }) => {
    await writeFile(path, "one\ntwo\nthree\nrest");
    expect(await backwards(path, 3, 4)).toEqual(["rest", "three", "two"]);
  });

  it.for([
    ["in between", (long: string) => `a\n${long}\nb\n`],
    ["first", (long: string) => `${long}\na\nb\n`],
    ["last", (long: string) => `a\nb\n${long}`],
  ] as const)("leaves out a line that is too long %s", async ([, textWith], { path }) => {
    for (const [line, expected] of [
      [longest, 3],
      [`${longest}x`, 2],
      [longest.repeat(3), 2],
    ] as const) {
      await writeFile(path, textWith(line));
      expect(await backwards(path)).toHaveLength(expected);
    }
  });
});

describe("AppendedLines", () => {
  it("is each line once, wherever the file ended at a look", async ({ path }) => {
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(100)), chunkSize, async (text, cuts, chunkSize) => {
        const bytes = Buffer.from(text);
        await writeFile(path, "");
        await using file = await open(path, "r");
        const lines = new AppendedLines(chunkSize);
        const read: string[] = [];
        let written = 0;
        // Within characters too.
        for (const end of [...cuts.toSorted((first, second) => first - second), bytes.length]) {
          await appendFile(path, bytes.subarray(written, end));
          written = Math.min(Math.max(written, end), bytes.length);
          expect(await lines.stands(file)).toBe(true);
          for await (const some of lines.read(file, written)) read.push(...some);
        }
        expect(read).toEqual(text.split("\n").slice(0, -1));
      }),
    );
  });

  it("leaves out lines that are too long, though they come in pieces", async ({ path }) => {
    const lines = new AppendedLines();
    const read: number[] = [];
    await writeFile(path, "");
    await using file = await open(path, "r");
    for (const part of ["a\n", longest, "\nb\n", longest, "x", longest, "\nc\n", longest.repeat(3), "\nd"]) {
      await appendFile(path, part);
      for await (const some of lines.read(file, (await file.stat()).size))
        read.push(...some.map((line) => line.length));
    }
    expect(read).toEqual([1, longestLine, 1, 1]);
  });
});
