import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { configurationReference } from "./configuration-reference.mts";

test("the page of every key is that of the code: npm run schema writes it", async () => {
  const { path, text } = await configurationReference();
  expect(await readFile(path, "utf8")).toBe(text);
});

test("every key of every file says what it means", async () => {
  const { text } = await configurationReference();
  expect(text.split("\n").filter((line) => /^- `[^`]+` \([^)]*\): *$/u.test(line))).toEqual([]);
  expect(text.match(/^- `/gmu)?.length).toBeGreaterThan(350);
});
