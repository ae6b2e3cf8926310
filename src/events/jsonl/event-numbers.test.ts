import { appendFile, open, writeFile } from "node:fs/promises";
import { expect, vi } from "vitest";
import { eventFileTest as it, eventLine } from "../../../test/event-file-test.ts";
import { EventNumbers } from "./event-numbers.ts";

it("reads only what has come since its last look", async ({ file: { path } }) => {
  const lines = Array.from({ length: 5000 }, (_, index) => `${eventLine(index + 1, "a")}\n`).join("");
  await writeFile(path, lines);
  await using file = await open(path, "r");
  const numbers = new EventNumbers();
  expect(await numbers.look(file)).toEqual({ highest: 5000, insideLine: false });
  await appendFile(path, eventLine(6000, "b"));
  const read = vi.spyOn(file, "read");
  expect(await numbers.look(file)).toEqual({ highest: 6000, insideLine: true });
  const sizes = await Promise.all(read.mock.results.map(async ({ value }) => (await value).bytesRead));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2000);
});
