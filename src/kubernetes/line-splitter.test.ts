import fc from "fast-check";
import { expect, it } from "vitest";
import { splitLines } from "./line-splitter.ts";

async function* cut(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (const length of lengths) {
    yield bytes.subarray(offset, offset + length);
    offset += length;
  }
  yield bytes.subarray(offset);
}

it("finds the same lines wherever the stream is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "grapheme" }).map((line) => line.replaceAll("\n", " "))),
      fc.array(fc.nat(7)),
      async (lines, lengths) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        expect(await Array.fromAsync(splitLines(cut(bytes, lengths)))).toEqual(lines);
      },
    ),
  );
});

it("gives a last line without its end", async () => {
  expect(await Array.fromAsync(splitLines(cut(Buffer.from("a\nb"), [])))).toEqual(["a", "b"]);
});
